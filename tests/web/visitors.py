"""Browsers for the door's tests."""

import re
import time

KEY = "the-instructor's-key"
RIGHT = "import torch\ndef zeros_matrix(r, c): return torch.zeros(r, c)\ndef halve(x): return x * 0.5\n"
PATIENCE_SECONDS = 120


class Visitor:
    """A browser of its own: cookies, forms with their tokens, and nothing else."""

    def __init__(self, app):
        self.client = app.test_client()

    def get(self, path, **more):
        return self.client.get(path, **more)

    def token(self, path="/"):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)[1]

    def hand_in(self, text=None, *, file=None, student="a student", assignment="01-mini", token=None):
        data = {"assignment": assignment, "student": student, "csrf_token": token or self.token()}
        data |= {"pasted": text} if text is not None else {}
        data |= {"file": file} if file is not None else {}
        return self.client.post("/hand-in", data=data, content_type="multipart/form-data")

    def sign_in(self, key=KEY):
        return self.client.post("/instructor", data={"key": key, "csrf_token": self.token("/instructor")})

    def feedback(self, answer):
        """Wait for a submission's feedback; return it with what was seen on the way."""
        assert answer.status_code == 303, answer.text
        place, seen = answer.location, []
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            told = self.get(f"{place}/progress").json
            seen.append(told["html"])
            if told["done"]:
                return self.get(f"{place}/feedback").text, seen
            time.sleep(0.2)
        raise AssertionError(f"no result in {PATIENCE_SECONDS} s: {seen[-1]}")
