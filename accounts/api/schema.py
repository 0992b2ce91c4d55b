"""What the OpenAPI schema says about keys and refusals; the rest it reads from the views themselves."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

PROBLEM = {
    "type": "object",
    "description": "RFC 9457: why the request was refused.",
    "properties": {
        "type": {"type": "string", "description": "about:blank, or urn:tanshi:problem:CODE"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "a sentence in the request's language"},
        "code": {
            "type": "string",
            "description": "for programs; a refusal reason where a rule of the market refused",
        },
        "errors": {"type": "object", "description": "by field, for 400", "additionalProperties": {}},
    },
    "required": ["type", "title", "status", "detail", "code"],
}
WORDS = {
    "400": "The request is not valid",
    "401": "The key is missing or opens nothing",
    "403": "The key lacks the scope, or the person the role",
    "404": "There is nothing here",
    "405": "The method does not exist here",
    "406": "The answer is JSON; the request accepts none",
    "409": "This contradicts what is stored",
    "413": "The request is larger than a megabyte",
    "415": "The request is not JSON",
    "429": "Too many requests; see Retry-After",
    "500": "Something went wrong here",
}
METHODS = ("get", "post", "put", "patch", "delete")


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token KEY`, with a key made in the browser.",
        }


def describe_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Postprocessing: every operation's refusals, as they are answered by parts that are no view."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Problem{status}": {"description": text, "content": content} for status, text in WORDS.items()
    }
    for path, operations in result["paths"].items():
        if not path.startswith("/api/"):
            continue
        for method in METHODS:
            if method in operations:
                _describe(operations[method])
    return result


def _describe(operation: dict[str, Any]) -> None:
    statuses = {"405", "406", "429", "500"}
    if operation.get("parameters"):
        statuses |= {"400", "404"}
    if "requestBody" in operation:
        statuses |= {"400", "413", "415"}
    if operation.get("security") and {} not in operation["security"]:
        statuses |= {"401", "403"}
    for status, answer in operation["responses"].items():
        if status in WORDS and "content" not in answer:
            statuses.add(status)
    for status in sorted(statuses):
        said = operation["responses"].get(status, {})
        if "content" not in said:
            operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
