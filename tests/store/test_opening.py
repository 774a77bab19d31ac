"""A database that cannot be worked on is named, with what is wrong and without its password."""

import socket

import pytest
from sqlalchemy import make_url
from tests.support.databases import postgres_url

from campaigns.model.errors import DatabaseRefused
from campaigns.store.database import open_engine, postgres_engine


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # and not listened on
        url = f"postgresql://campaigns:secret@127.0.0.1:{bound.getsockname()[1]}/customers"
        with pytest.raises(DatabaseRefused, match="customers on 127") as told:
            open_engine(url, None)
    assert "CAMPAIGNS_DATABASE_URL" in str(told.value)
    assert "secret" not in str(told.value)


def test_a_database_that_stores_no_unicode_is_refused(worker_id: str) -> None:
    name = f"ascii_{worker_id}"
    maker = postgres_engine(postgres_url()).execution_options(isolation_level="AUTOCOMMIT")
    with maker.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(
            f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
        )
        try:
            url = make_url(postgres_url()).set(database=name)
            with pytest.raises(DatabaseRefused, match="Unicode"):
                open_engine(url.render_as_string(hide_password=False), None)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    maker.dispose()
