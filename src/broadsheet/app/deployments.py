"""Places to deploy to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from broadsheet.adapters.deploy.opening import House, open_deployment
from broadsheet.app.locks import alone
from broadsheet.app.stores import open_store
from broadsheet.model.outgoing import DeploySettings
from broadsheet.ports import Clock, Deployment, Progress, Store
from broadsheet.settings import Settings


@contextmanager
def open_deployments(
    settings: Settings, clock: Clock, progress: Progress, *, adopt: bool = False
) -> Iterator[Callable[[DeploySettings], Deployment]]:
    """What opens places to deploy to, while no run changes what is built. Raises AlreadyRunning and StorageError."""
    with alone(settings), open_store(settings) as store:
        yield deployments_of(settings, store, clock, progress, adopt=adopt)


def deployments_of(
    settings: Settings, store: Store, clock: Clock, progress: Progress, *, adopt: bool = False
) -> Callable[[DeploySettings], Deployment]:
    """What opens places to deploy to, for whoever holds the lock of the publication."""
    house = House(settings.folder, settings.state_folder, settings.out_folder, store, clock, progress)
    return lambda target: open_deployment(target, house, adopt=adopt)
