"""A fake Microsoft Graph: a real HTTP server that serves an export folder as strictly as the service does.

with serving(folder, faults=[Chance(0.2)]) as fake:
    httpx.get(f"{fake.url}/v1.0/users", headers={"authorization": f"Bearer {fake.token()}"})
    fake.requests, fake.violations
"""

from tests.fake_graph.faults import Chance, Fault, Rule
from tests.fake_graph.folder import FolderSource
from tests.fake_graph.listing import Manners
from tests.fake_graph.serving import Fake, serving
from tests.fake_graph.source import Source

__all__ = ["Chance", "Fake", "Fault", "FolderSource", "Manners", "Rule", "Source", "serving"]
