"""What gunicorn imports: the app of this process, made from its environment."""

from server.app import create_app
from server.settings import load_settings

app = create_app(load_settings())
