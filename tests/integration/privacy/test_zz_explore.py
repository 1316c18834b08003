import json, re, time
from sqlalchemy import String, JSON, Enum, text
from sqlalchemy.exc import DBAPIError
from knelpunt.models import Base
from knelpunt.services.demo.loading import load_demo
from knelpunt.web.shared.requests.access import PUBLIC, access_of
from tests.support import database
from tests.support.asker import Asker
from tests.support.rights import RULES, VISITOR, REACHED
from tests.support.every_page import WITH_A_QUESTION
from tests.support.world import World
from knelpunt.web.shared.pages import caching
from itertools import count

CODES = set(__import__('pathlib').Path('/tmp/nineN/codes').read_text().split())

def leaves(value, mark):
    if isinstance(value, dict):
        return {k: leaves(v, mark) for k, v in value.items()}
    if isinstance(value, list):
        return [leaves(v, mark) for v in value]
    if isinstance(value, str) and ' ' in value:
        return value + mark
    return value

import pytest
@pytest.mark.parametrize("fill", [0,1])
@pytest.mark.parametrize("demo", [0,1])
def test_explore(app, monkeypatch, fill, demo):
    never = count()
    monkeypatch.setattr(caching, "period", lambda _t: next(never))
    t=time.time()
    with database.rolled_back() as (connection, session):
        world = World(session, app.config["LINKS"], app.config["FILE_STORE"])
        if demo:
            from datetime import datetime, UTC; load_demo(session, app.config["LINKS"], datetime.now(UTC)); session.commit()
        from knelpunt.queries.core import reference as ref
        [getattr(ref, n).cache_clear() for n in dir(ref) if hasattr(getattr(ref, n), 'cache_clear')]
        asker = Asker(app, connection, world, {})
        print('world', time.time()-t)
        marks = {}; failed = {}; empty=set()
        for table in Base.metadata.sorted_tables:
            keys = list(table.primary_key.columns)
            for column in table.columns:
                name = f"{table.name}.{column.name}"
                if name in CODES or column.foreign_keys: continue
                is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
                if not is_text and not isinstance(column.type, JSON): continue
                mark = f" zq{len(marks):04d}q"
                n = connection.scalar(text(f'select count(*) from {table.name}'))
                if not n: empty.add(table.name)
                point = connection.begin_nested()
                try:
                    if is_text:
                        connection.execute(text(f"UPDATE {table.name} SET \"{column.name}\" = {'coalesce' if fill else ''}(\"{column.name}\"{", ''" if fill else ""}) || '{mark}'"))
                    else:
                        rows = connection.execute(text(f'select {", ".join(k.name for k in keys)}, "{column.name}" as v from {table.name}')).all()
                        for row in rows:
                            new = leaves(row.v, mark)
                            if new != row.v:
                                connection.execute(text(f'update {table.name} set "{column.name}" = cast(:v as jsonb) where ' + ' and '.join(f'{k.name} = :{k.name}' for k in keys)), {'v': json.dumps(new), **{k.name: getattr(row,k.name) for k in keys}})
                    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"))
                    point.commit()
                    marks[mark.strip()] = name
                except DBAPIError as e:
                    point.rollback()
                    failed[name] = str(e.orig).split('\n')[0][:150]
        print('planted', time.time()-t, len(marks))
        seen = {}; bad = []
        from sqlalchemy import event, Column
        from sqlalchemy.sql import visitors
        from sqlalchemy.sql.elements import ColumnElement
        read = {}
        now_path = [None]
        def before(conn, cursor, statement, parameters, context, many):
            c = getattr(context, 'compiled', None)
            if c is None or not getattr(c, '_result_columns', None):
                if 'SAVEPOINT' not in statement: read.setdefault('TEXT '+statement[:80], now_path[0])
                return
            for rc in c._result_columns:
                for o in rc.objects:
                    if not isinstance(o, ColumnElement): continue
                    for el in visitors.iterate(o):
                        for b in getattr(el, 'base_columns', ()):
                            if isinstance(b, Column) and b.table is not None and b.table.name in Base.metadata.tables:
                                ty=b.type
                                if (isinstance(ty, String) and not isinstance(ty, Enum)) or isinstance(ty, JSON):
                                    read.setdefault(f"{b.table.name}.{b.name}", now_path[0])
        event.listen(connection, 'before_cursor_execute', before)
        paths = []
        for rule in RULES:
            if "GET" not in rule.methods.split(): continue
            if access_of(app.view_functions[asker.address_of(rule).endpoint]) != PUBLIC: continue
            for relation in asker.relations(rule):
                if not rule.allows(VISITOR, relation): continue
                paths.append((rule.path, asker.path(VISITOR, rule, relation)))
        for fmt, q in (("/knelpunten/{}", "select reference from published_cases"), ("/ruimtewijzers/{}", "select slug from guides"), ("/regelknelpunten/{}", "select reference from bottlenecks"), ("/kwartalen/{}", "select extract(year from quarter)||'-'||extract(quarter from quarter) from quarter_texts")):
            paths += [('d', fmt.format(v)) for v in connection.scalars(text(q))]
        paths += [('q', p) for who, p in WITH_A_QUESTION if who == VISITOR]
        for rp, path in paths:
            now_path[0]=path
            try: answer, _ = asker.send(VISITOR, "GET", path)
            except Exception as e:
                bad.append(f"ERR {path} {e!r}"[:200]); continue
            body = answer.get_data()
            found = {marks[m] for m in re.findall(r'zq\d{4}q', body.decode('utf-8','replace')) if m in marks}
            bad.append(f"{answer.status_code} {path} {answer.location or ''} {answer.mimetype} {len(found)}")
            for f in found: seen.setdefault(f, []).append(path)
        print('read', time.time()-t)
        import io; out = io.StringIO()
        print('PAGES', *bad, sep='\n', file=out)
        print('EMPTY', *sorted(empty), sep='\n', file=out)
        print('FAILED', *(f'{k}: {v}' for k,v in failed.items()), sep='\n', file=out)
        print('SEEN', *(f'{k}: {v[:4]}' for k,v in sorted(seen.items())), sep='\n', file=out)
        print('READ', *(f'{k}: {v}' for k,v in sorted(read.items()) if k not in CODES), sep='\n', file=out)
        print('UNSEEN', *(v for v in marks.values() if v not in seen), sep='\n', file=out)
        __import__('pathlib').Path(f'/tmp/nineN/out{demo}{fill}').write_text(out.getvalue())
