"""The interface as a Postman collection, made of its OpenAPI description.

The format is Postman's Collection 2.1.0 (schema.getpostman.com/json/collection/v2.1.0/docs/index.html).
"""

import json
from typing import Any

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
KEEP_TOKEN = "pm.collectionVariables.set('access', pm.response.json().access);"
SAMPLES = {"integer": 1, "number": 1.0, "boolean": True, "string": "text", "array": [], "object": {}}
UNLOCKED_BY = ("log_in", "refresh")


def collection(description: dict[str, Any], url: str) -> dict[str, Any]:
    """A collection with a folder a subject and a request an endpoint, bodies filled in with the examples.

    ``description`` is the OpenAPI document, ``url`` the hub's address. Logging in keeps the token for what follows.
    """
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, methods in description["paths"].items():
        for method, said in methods.items():
            folders.setdefault(said.get("tags", ["other"])[0], []).append(_item(description, path, method, said))
    return {
        "info": {"name": description["info"]["title"], "schema": SCHEMA, "version": description["info"]["version"]},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{access}}", "type": "string"}]},
        "variable": [{"key": "base", "value": url}, {"key": "access", "value": ""}],
        "item": [{"name": name, "item": items} for name, items in folders.items()],
    }


def example(description: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of a schema: its example, its default, or the least that it allows."""
    if "$ref" in schema:
        return example(description, description["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    for given in ("examples", "enum"):
        if schema.get(given):
            return schema[given][0]
    if "default" in schema:
        return schema["default"]
    if "const" in schema:
        return schema["const"]
    for choice in ("anyOf", "allOf", "oneOf"):
        if schema.get(choice):
            return example(description, schema[choice][0])
    if schema.get("type") == "object" and "properties" in schema:
        return {name: example(description, one) for name, one in schema["properties"].items()}
    if schema.get("type") == "array" and schema.get("minItems"):
        return [example(description, schema.get("items", {}))]
    return SAMPLES.get(schema.get("type", ""))


def _item(description: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> dict[str, Any]:
    request = {
        "method": method.upper(),
        "header": _parameters(description, said, "header"),
        "url": _url(description, path, said),
        "description": said.get("description", ""),
    }
    if "requestBody" in said:
        request |= _body(description, said["requestBody"]["content"])
    item: dict[str, Any] = {"name": said.get("summary", path), "request": request}
    if said.get("operationId", "").startswith(UNLOCKED_BY):
        item["event"] = [{"listen": "test", "script": {"type": "text/javascript", "exec": [KEEP_TOKEN]}}]
    return item


def _url(description: dict[str, Any], path: str, said: dict[str, Any]) -> dict[str, Any]:
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    return {
        "raw": "/".join(["{{base}}", *parts]),
        "host": ["{{base}}"],
        "path": parts,
        "variable": [{"key": part[1:], "value": ""} for part in parts if part.startswith(":")],
        "query": _parameters(description, said, "query"),
    }


def _parameters(description: dict[str, Any], said: dict[str, Any], place: str) -> list[dict[str, Any]]:
    found = [one for one in said.get("parameters", ()) if one["in"] == place and one["name"] != "authorization"]
    return [
        {
            "key": one["name"],
            "value": str(example(description, one.get("schema", {}))),
            "description": one.get("description", ""),
            "disabled": not one.get("required", False),
        }
        for one in found
    ]


def _body(description: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    media, said = next(iter(content.items()))
    if media == "application/json":
        text = json.dumps(example(description, said["schema"]), indent=2, ensure_ascii=False)
        return {"body": {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}}
    if media != "multipart/form-data":
        return {"body": {"mode": "file"}}
    fields = example(description, said["schema"])
    form = [
        {"key": name, "type": "file" if name == "file" else "text", "value": str(value)}
        for name, value in fields.items()
    ]
    return {"body": {"mode": "formdata", "formdata": form}}
