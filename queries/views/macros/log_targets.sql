-- What an event of the directory's log touched, and what changed of each.
-- macro: log_targets(targets)
from_json(targets, '[{
    "id": "varchar", "type": "varchar",
    "modifiedProperties": [{"displayName": "varchar", "newValue": "varchar"}]
}]')
