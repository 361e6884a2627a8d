"""Answers what delta-rs reads and lets it write, until its input ends.

A request is a line of JSON: {"do": "read", "table": path, "version": n}, "append" (every row once more), "delete" with a
"predicate", "optimize", "checkpoint". The answer is a line: {"rows": [...]} in the form of Spark's to_json, sorted as texts,
or {"error": kind, "message": text}.
"""

import base64
import datetime
import json
import math
import struct
import sys

import deltalake
import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder, write_deltalake

EPOCH = datetime.datetime(1970, 1, 1)


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def shortest_float(value):
    for digits in range(1, 10):
        text = "%.*g" % (digits, value)
        if struct.pack("f", float(text)) == struct.pack("f", value):
            return float(text)
    return value


def number(value):
    """A binary fraction as Java's Double.toString has it."""
    if math.isnan(value):
        return '"NaN"'
    if math.isinf(value):
        return '"Infinity"' if value > 0 else '"-Infinity"'
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign = "-" if value < 0 else ""
    mantissa, exponent = ("%r" % abs(value)).lower(), 0
    if "e" in mantissa:
        mantissa, power = mantissa.split("e")
        exponent = int(power)
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + exponent - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0") or "0"
    if -3 < point <= 7:
        if point <= 0:
            return sign + "0." + "0" * -point + digits
        digits = digits.ljust(point, "0")
        return sign + digits[:point] + "." + (digits[point:] or "0")
    return sign + digits[0] + "." + (digits[1:] or "0") + "E" + str(point - 1)


def micros(scalar):
    unit = {"s": 1_000_000, "ms": 1_000, "us": 1}[scalar.type.unit]
    moment = EPOCH + datetime.timedelta(microseconds=scalar.value * unit)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06d" % (
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond)


def text(scalar, kind):
    if isinstance(scalar, pa.ExtensionScalar):
        scalar, kind = scalar.value, kind.storage_type
    if not scalar.is_valid:
        return "null"
    if pa.types.is_struct(kind):
        return "{" + ",".join(quoted(f.name) + ":" + text(scalar[i], f.type) for i, f in enumerate(kind)) + "}"
    if pa.types.is_map(kind):
        pairs = []
        for pair in scalar.values:
            key = text(pair["key"], kind.key_type)
            pairs.append((key if key.startswith('"') else '"' + key + '"') + ":" + text(pair["value"], kind.item_type))
        return "{" + ",".join(pairs) + "}"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or kind.id == pa.lib.Type_LIST_VIEW:
        return "[" + ",".join(text(element, kind.value_type) for element in scalar.values) + "]"
    if pa.types.is_boolean(kind):
        return "true" if scalar.as_py() else "false"
    if pa.types.is_float32(kind):
        return number(shortest_float(scalar.as_py()))
    if pa.types.is_float64(kind):
        return number(scalar.as_py())
    if pa.types.is_decimal(kind):
        return str(scalar.as_py())
    if pa.types.is_timestamp(kind):
        return quoted(micros(scalar) + ("Z" if kind.tz else ""))
    if pa.types.is_date(kind):
        return quoted(scalar.as_py().isoformat())
    value = scalar.as_py()
    if isinstance(value, bytes):
        return quoted(base64.b64encode(value).decode())
    return quoted(value) if isinstance(value, str) else str(value)


def rows(path, version):
    table = DeltaTable(path, version=version)
    found = pa.table(QueryBuilder().register("t", table).execute("SELECT * FROM t"))
    columns = [found.column(i) for i in range(found.num_columns)]
    for i, column in enumerate(columns):
        if pa.types.is_dictionary(column.type):
            columns[i] = column.cast(column.type.value_type)
    names = [quoted(field.name) for field in found.schema]
    out = []
    for row in range(found.num_rows):
        out.append("{" + ",".join(n + ":" + text(c[row], c.type) for n, c in zip(names, columns)) + "}")
    return sorted(out, key=lambda line: line.encode("utf-16-be"))


def answer(request):
    path = request["table"]
    todo = request["do"]
    if todo == "read":
        return {"rows": rows(path, request["version"])}
    table = DeltaTable(path)
    if todo == "append":
        found = QueryBuilder().register("t", table).execute("SELECT * FROM t")
        write_deltalake(table, pa.table(found), mode="append")
    elif todo == "delete":
        table.delete(request["predicate"])
    elif todo == "optimize":
        table.optimize.compact()
    elif todo == "checkpoint":
        table.create_checkpoint()
    else:
        raise ValueError("unknown: " + todo)
    return {"rows": []}


def main():
    print(json.dumps({"delta-rs": deltalake.__version__}), flush=True)
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except BaseException as e:  # a panic of Rust is no Exception; the one who asks decides what it means
            if isinstance(e, (KeyboardInterrupt, SystemExit)):
                raise
            reply = {"error": type(e).__name__, "message": str(e)}
        print(json.dumps(reply), flush=True)


main()
