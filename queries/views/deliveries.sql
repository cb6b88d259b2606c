-- One row per report, channel and recipient: whether it was sent; of all snapshots, also of those that are gone.
-- column period: The instant of the snapshot that the report is about, UTC.
-- column channel: How it left: mail, folder, ...
-- column recipient: To whom: an address, or a folder.
-- column state: sent, refused, not_due (nothing to send), or begun: it may have left or not.
-- column why: always, changed, threshold or still_alive.
-- column report_sha256: SHA-256 of each attached file, separated by spaces.
-- column message_id: The id that stands in the mail.
-- column reason: Why it was refused, or what went with it.
-- column begun_at: When sending began, by the clock of the machine that sent, UTC.
-- column ended_at: When it was known what came of it, by the same clock.
-- column shown: Whether it is about the snapshot that the views show.
select
    d.period,
    d.channel,
    d.recipient,
    d.state,
    nullif(d.why, '') as why,
    d.report_sha256,
    d.message_id,
    d.reason,
    d.begun_at,
    d.ended_at,
    d.period = snapshot_taken_at() as shown
from history.deliveries as d
