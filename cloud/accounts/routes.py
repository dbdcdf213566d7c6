"""All routes about accounts."""

from __future__ import annotations

from litestar import Router

from cloud.accounts import (
    account,
    devices,
    keys,
    oauth,
    pairing,
    refreshing,
    sessions,
    signing_in,
    signing_up,
)

ACCOUNTS = Router(
    "/",
    route_handlers=[
        signing_up.sign_up,
        signing_in.challenge,
        signing_in.token,
        signing_in.sign_out,
        signing_in.ticket,
        refreshing.refresh,
        oauth.start,
        oauth.callback,
        oauth.agree,
        oauth.trade,
        sessions.list_sessions,
        sessions.end_session,
        sessions.end_other_sessions,
        devices.list_devices,
        devices.change_devices,
        devices.revoke_device,
        account.show_account,
        account.change_account,
        account.delete_account,
        account.export_account,
        keys.change_password,
        keys.change_recovery,
        keys.rotate_root,
        pairing.offer,
        pairing.read_offer,
        pairing.answer,
        pairing.read_answer,
    ],
    tags=["accounts"],
)
