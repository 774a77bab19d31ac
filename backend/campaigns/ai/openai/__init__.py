"""The engine that asks a language model over the OpenAI wire format, and checks what it says.

Nothing here imports the client libraries before the first question: a start without a key pays
nothing for them.
"""

from campaigns.ai.openai.compose import ModelWriter
from campaigns.ai.openai.engine import Engine
from campaigns.ai.openai.interpret import ModelInterpreter
from campaigns.ai.openai.question import Output, Server
from campaigns.ai.openai.replies import ModelReplyReader
from campaigns.ai.openai.rewrite import ModelRewriter
from campaigns.ai.openai.tariff import price_of
from campaigns.ai.openai.tongue import Tongues

__all__ = [
    "Engine",
    "ModelInterpreter",
    "ModelReplyReader",
    "ModelRewriter",
    "ModelWriter",
    "Output",
    "Server",
    "Tongues",
    "price_of",
]
