"""What OpenAI's Batch API puts out: bodies as its own library reads them, in the lines around them.

No batch service runs here: the lines are put together as its reference says, one of a request that
was refused and one of a model that was cut off among them.
"""

import json
import sys
from pathlib import Path

from made_up import MATH, serving
from openai import OpenAI

lines = []
with serving() as url:
    client = OpenAI(api_key="none", base_url=url)
    for row in MATH:
        messages = [{"role": "user", "content": row["question"]}]
        body = client.chat.completions.create(model="made-up", messages=messages, n=2).model_dump()
        response = {"status_code": 200, "request_id": f"req_{row['id']}", "body": body}
        lines.append({"custom_id": row["id"], "response": response, "error": None})
lines[1]["response"]["body"]["choices"][1]["finish_reason"] = "length"
error = {"code": "batch_expired", "message": "This request could not be executed in time."}
lines.append({"custom_id": "late", "response": None, "error": error})
refused = {"error": {"message": "The prompt is too long.", "type": "invalid_request_error"}}
response = {"status_code": 400, "request_id": "req_long", "body": refused}
lines.append({"custom_id": "long", "response": response, "error": None})
text = "".join(json.dumps({"id": f"batch_req_{n}", **line}) + "\n" for n, line in enumerate(lines))
Path(sys.argv[1], "output.jsonl").write_text(text)
