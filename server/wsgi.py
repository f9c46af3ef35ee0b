"""What gunicorn imports: the app of this process, made from its environment."""

from server.app import create_app
from server.replication import releasing
from server.replication.endpoints import PLACE
from server.settings import load_settings

app = create_app(load_settings())
releasing.start(app.extensions[PLACE])
