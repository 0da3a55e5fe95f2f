/** The choice of a requirement's work package: one of those that there are, or a new one, whose name is typed. */

import { el } from "../dom.js";

const NEW = "\u0000new";

export class PackageChoice {
  #onChosen;
  #names = "";
  #chosen = "";
  #select = el("select", { onchange: () => this.#selected() });
  #input = el("input", {
    placeholder: "Name of the package",
    onchange: () => this.#named(),
    onblur: () => this.#type(false),
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && this.#type(false),
  });
  #selecting;
  #typing;

  element;

  /**
   * @param {(text: string, field: HTMLElement, quiet?: boolean) => HTMLElement} labelled gives a field its label
   * @param {(workPackage: string | null) => void} onChosen
   */
  constructor(labelled, onChosen) {
    this.#onChosen = onChosen;
    this.#selecting = labelled("Package", this.#select);
    this.#typing = labelled("New package", this.#input);
    this.#typing.hidden = true;
    this.element = el("div", { class: "package" }, this.#selecting, this.#typing);
  }

  /**
   * @param {string | null} workPackage
   * @param {string[]} packages the names to choose from
   */
  show(workPackage, packages) {
    const names = workPackage && !packages.includes(workPackage) ? [...packages, workPackage] : packages;
    const written = JSON.stringify(names);
    if (written !== this.#names) {
      this.#names = written;
      this.#select.replaceChildren(
        el("option", { value: "" }, "None"),
        ...names.map((name) => el("option", { value: name }, name)),
        el("option", { value: NEW }, "New package …"),
      );
    }
    this.#chosen = workPackage ?? "";
    if (this.#typing.hidden) this.#select.value = this.#chosen;
  }

  #selected() {
    if (this.#select.value === NEW) this.#type(true);
    else this.#onChosen(this.#select.value || null);
  }

  #named() {
    const name = this.#input.value.trim();
    this.#type(false);
    if (name) this.#onChosen(name);
  }

  /** @param {boolean} typing whether a new name is typed now */
  #type(typing) {
    if (this.#typing.hidden !== typing) return;
    const held = document.activeElement === this.#input;
    this.#typing.hidden = !typing;
    this.#selecting.hidden = typing;
    this.#input.value = "";
    if (typing) return this.#input.focus();
    this.#select.value = this.#chosen;
    if (held) this.#select.focus();
  }
}
