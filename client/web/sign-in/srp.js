/**
 * The browser's side of Cognito's sign-in by SRP: it proves that the user knows the password without sending it.
 *
 * Arithmetic alone: it sends nothing. `sign-in/auth.js` calls it. It follows RFC 5054 with the group 15 of RFC 3526,
 * except where Cognito differs: numbers are hashed as Java writes them, the session key is an HKDF of 16 bytes, and the
 * proof is an HMAC over pool, user, secret block and time stamp.
 */

import { notUnderstood } from "../api/errors.js";

const N = BigInt(
  "0x" +
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);
const G = 2n;
const INFO = "Caldera Derived Key";
const EXPONENT_BYTES = 32;
const KEY_BITS = 128;

/**
 * @typedef {object} Challenge Cognito's ChallengeParameters
 * @property {string} SALT in hexadecimal
 * @property {string} SRP_B in hexadecimal
 * @property {string} SECRET_BLOCK in base64
 * @property {string} USER_ID_FOR_SRP
 */

/** One sign-in. Its secret number must not be used for another. */
export class Proof {
  #secret;
  #number;

  constructor(secret = positive(crypto.getRandomValues(new Uint8Array(EXPONENT_BYTES)))) {
    this.#secret = secret;
    this.#number = power(G, secret);
  }

  /** SRP_A, the number that begins the sign-in. */
  get number() {
    return this.#number.toString(16);
  }

  /**
   * The responses to Cognito's challenge.
   *
   * @param {string} poolId
   * @param {Challenge} challenge
   * @param {string} password
   * @param {Date} now
   * @returns {Promise<Record<string, string>>}
   * @throws {import("../api/errors.js").ApiError} when the challenge is none, or one that any password would answer
   */
  async responses(poolId, { SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP }, password, now) {
    const pool = poolId.slice(poolId.indexOf("_") + 1);
    const [salt, theirs, block] = read(SALT, SRP_B, SECRET_BLOCK);
    const shared = await hashed(bytes(this.#number), bytes(theirs));
    if (theirs % N === 0n || shared === 0n) throw notUnderstood();
    const identity = await digest(text(`${pool}${USER_ID_FOR_SRP}:${password}`));
    const secret = await hashed(bytes(salt), identity);
    const multiplier = await hashed(bytes(N), bytes(G));
    const base = (((theirs - multiplier * power(G, secret)) % N) + N) % N;
    const key = await derived(power(base, this.#secret + shared * secret), shared);
    const timestamp = written(now);
    const claim = joined(text(`${pool}${USER_ID_FOR_SRP}`), block, text(timestamp));
    return {
      USERNAME: USER_ID_FOR_SRP,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: base64(await crypto.subtle.sign("HMAC", key, claim)),
      TIMESTAMP: timestamp,
    };
  }
}

/**
 * A time as Java's `EEE MMM d HH:mm:ss z yyyy` has it in English: `Sat Nov 7 09:05:00 UTC 2026`.
 *
 * @param {Date} time
 */
export function written(time) {
  const [weekday, day, month, year, clock] = time.toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${Number(day)} ${clock} UTC ${year}`;
}

/**
 * @param {string} salt
 * @param {string} number
 * @param {string} block
 * @returns {[bigint, bigint, Uint8Array<ArrayBuffer>]}
 */
function read(salt, number, block) {
  try {
    return [BigInt(`0x${salt}`), BigInt(`0x${number}`), Uint8Array.from(atob(block), (one) => one.charCodeAt(0))];
  } catch {
    throw notUnderstood();
  }
}

/**
 * The key that signs the claim.
 *
 * @param {bigint} material
 * @param {bigint} shared
 */
async function derived(material, shared) {
  const whole = await crypto.subtle.importKey("raw", bytes(material), "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: bytes(shared), info: text(INFO) };
  const bits = await crypto.subtle.deriveBits(how, whole, KEY_BITS);
  return crypto.subtle.importKey("raw", bits, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/**
 * base ** exponent modulo N.
 *
 * @param {bigint} base
 * @param {bigint} exponent
 */
function power(base, exponent) {
  let result = 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * base) % N;
    base = (base * base) % N;
  }
  return result;
}

/** @param {...Uint8Array} parts */
async function hashed(...parts) {
  return positive(await digest(joined(...parts)));
}

/** @param {Uint8Array<ArrayBuffer>} data */
async function digest(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/**
 * Big-endian two's complement in the fewest bytes, as Java's BigInteger writes a positive number.
 *
 * @param {bigint} number
 */
function bytes(number) {
  const digits = number.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  const signed = even[0] > "7" ? `00${even}` : even;
  return Uint8Array.from(signed.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** @param {Uint8Array} data */
function positive(data) {
  return data.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** @param {string} value */
function text(value) {
  return new TextEncoder().encode(value);
}

/** @param {...Uint8Array} parts */
function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** @param {ArrayBuffer} data */
function base64(data) {
  return btoa(String.fromCharCode(...new Uint8Array(data)));
}
