"""The web page, as it was built into ``static``: its files as they are, and for every other address the page itself,
which knows what to show there."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
"""Built files have their content's hash in their names."""

NOT_BUILT = """<!doctype html><title>Roto hub</title>
<p>The hub runs, but its page was not built: <code>make page</code>.
<p>The interface describes itself <a href="/api/v1/docs">here</a>."""

POLICY = "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


def serve_page(app: FastAPI, static: Path = STATIC) -> None:
    """Serve the page for whatever no endpoint answers. Unknown addresses of the interface stay unknown."""

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        if path.startswith("api/") or "\0" in path:
            raise HTTPException(404, "There is no such address.")
        file = (static / path).resolve()
        if path and file.is_relative_to(static.resolve()) and file.is_file():
            return FileResponse(file, headers={"Cache-Control": FOR_EVER if path.startswith("assets/") else "no-cache"})
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
        index = static / "index.html"
        return FileResponse(index, headers=headers) if index.is_file() else HTMLResponse(NOT_BUILT, headers=headers)
