"""What gunicorn imports for a story over sockets: the app with the story's kinds of rows, in small chunks."""

import json
import os
from pathlib import Path

from server.app import create_app
from server.replication import releasing, snapshot
from server.replication.endpoints import PLACE
from server.replication.entities import with_system_entities
from server.replication.place import Place
from server.settings import load_settings
from tests.contract import things

snapshot.CHUNK_ROWS, snapshot.WORTH_KEEPING = 4, 1
things.HOMES.update(json.loads(Path(os.environ["SIMULATED_HOMES"]).read_text(encoding="ascii")))
app = create_app(load_settings())
bound: Place = app.extensions[PLACE]
registry = with_system_entities(things.make_registry())
app.extensions[PLACE] = Place(bound.engine, registry, bound.key, bound.now_ms, bound.chunks)
releasing.start(app.extensions[PLACE])
