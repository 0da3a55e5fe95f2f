"""Fills moto from the data file at the start, and brings the file up to date with each request that writes.

The file gets what moto has afterwards, not what a request asked for. Only `local.aws.server` applies this, to the
server that it runs, when it has a folder.
"""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from local.aws.data import Attributes, Data, ItemKey, StoredObject

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from moto.dynamodb.models import DynamoDBBackend
    from moto.s3.models import FakeKey, S3Backend

_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Kept:
    """moto's items and objects in one region, kept in a file."""

    def __init__(self, data: Data, region: str) -> None:
        self._data = data
        self._region = region
        self._writing_objects = threading.Lock()
        self._stored: Mapping[tuple[str, str], FakeKey] = {}
        """The objects that the file has. moto makes a new FakeKey for each write."""

    def load(self) -> None:
        """Put everything that the file has into moto's table and buckets, which must exist."""
        for table, attributes in self._data.items():
            if table in self._dynamodb.tables:
                self._dynamodb.put_item(table, dict(attributes))
        for one in self._data.objects():
            if one.bucket in self._s3.buckets:
                key = self._s3.put_object(one.bucket, one.name, one.body)
                key.set_metadata(dict(one.headers))
                key.last_modified = one.written_at
        self._stored = dict(self._objects())

    def items(self, dynamodb: "WSGIApplication") -> "WSGIApplication":
        """The application, for one request at a time: what it writes is in the file before the answer."""

        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if environ["HTTP_X_AMZ_TARGET"].partition(".")[2] not in _WRITES:
                return dynamodb(environ, start_response)
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            statuses = []

            def started(status: str, headers: list[tuple[str, str]], *details: Any) -> Any:  # noqa: ANN401 - WSGI's own
                statuses.append(status)
                return start_response(status, headers, *details)

            response = dynamodb({**environ, "wsgi.input": BytesIO(body)}, started)
            if statuses[0].startswith("200"):
                self._data.keep_items(dict(self._now(*one) for one in _written(json.loads(body))))
            return response

        return answer

    def objects(self, others: "WSGIApplication") -> "WSGIApplication":
        """The applications of the other services: what S3 writes is in the file before the answer."""

        def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] in _READS or "HTTP_X_AMZ_TARGET" in environ:
                return others(environ, start_response)
            with self._writing_objects:
                response = others(environ, start_response)
                found = dict(self._objects())
                written = (_stored(*place, key) for place, key in found.items() if self._stored.get(place) is not key)
                self._data.keep_objects(written, self._stored.keys() - found.keys())
                self._stored = found
                return response

        return answer

    def _now(self, name: str, attributes: Attributes) -> tuple[ItemKey, Attributes | None]:
        """What the table has for the key that is among these attributes."""
        from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415 - it takes a second to load

        table = self._dynamodb.tables[name]
        hash_, range_ = attributes[table.hash_key_attr], attributes[str(table.range_key_attr)]
        item = table.get_item(DynamoType(hash_), DynamoType(range_))
        return ItemKey(name, json.dumps(hash_), json.dumps(range_)), item and item.to_json()["Attributes"]

    def _objects(self) -> Iterator[tuple[tuple[str, str], "FakeKey"]]:
        for bucket in list(self._s3.buckets.values()):
            for name, key in bucket.keys.items():
                yield (bucket.name, name), key

    @property
    def _dynamodb(self) -> "DynamoDBBackend":
        from moto.core import DEFAULT_ACCOUNT_ID  # noqa: PLC0415 - as above
        from moto.dynamodb.models import dynamodb_backends  # noqa: PLC0415

        return dynamodb_backends[DEFAULT_ACCOUNT_ID][self._region]

    @property
    def _s3(self) -> "S3Backend":
        from moto.core import DEFAULT_ACCOUNT_ID  # noqa: PLC0415 - as above
        from moto.s3.models import s3_backends  # noqa: PLC0415

        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]


def _written(request: Mapping[str, Any]) -> Iterator[tuple[str, Attributes]]:
    """The table of each item that a request may have written, and attributes that include the item's key."""
    match request:
        case {"TransactItems": operations}:
            for operation in operations:
                for one in operation.values():
                    yield from _written(one)
        case {"RequestItems": tables}:
            for name, requests in tables.items():
                for one in (given for request_ in requests for given in request_.values()):
                    yield from _written({"TableName": name, **one})
        case {"TableName": name, "Item": attributes} | {"TableName": name, "Key": attributes}:
            yield name, attributes


def _stored(bucket: str, name: str, key: "FakeKey") -> StoredObject:
    return StoredObject(bucket, name, key.value, dict(key.metadata), key.last_modified)
