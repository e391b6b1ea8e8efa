using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;

namespace ModularMonolith.Marten.Tests.Events;

public sealed class StoredEventsTests
{
    [Fact]
    public async Task Metadata_of_session_and_event_is_stored_and_read()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.MetadataConfig.EnableAll());
        var id = Guid.CreateVersion7();
        await using (var session = test.Session())
        {
            session.CorrelationId = "request 1";
            session.CausationId = "command 2";
            session.LastModifiedBy = "ada";
            session.SetHeader("tenant", "blue");
            var special = session.Events.BuildEvent(new MoneyDeposited(1));
            special.CorrelationId = "its own";
            special.SetHeader("number", 7);
            session.Events.StartStream(id, new AccountOpened("Ada", 1), special);
            await session.SaveChangesAsync();
        }

        await test.SaveAsync(s => s.Events.Append(id, new MoneyDeposited(2)));
        await using var reader = test.Query();
        var events = await reader.Events.FetchStreamAsync(id);
        Assert.Equal((null, null, null, null), (events[2].CorrelationId, events[2].CausationId, events[2].UserName, events[2].Headers));
        Assert.Equal(("request 1", "command 2", "ada", "blue"), (events[0].CorrelationId, events[0].CausationId, events[0].UserName, events[0].GetHeader("tenant")));
        Assert.Equal(("its own", "command 2", 7L), (events[1].CorrelationId, events[1].CausationId, events[1].GetHeader("number")));
        Assert.Equal("ada", await test.ScalarAsync("select user_name from {0}.mt_events limit 1"));
    }

    [Fact]
    public async Task Events_have_the_names_they_were_given()
    {
        await using var test = await TestStore.CreateAsync(o => o.Events.MapEventType<MoneyDeposited>("deposit"));
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1), new MoneyWithdrawn(1)));
        Assert.Equal("deposit,money_withdrawn", await test.ScalarAsync("select string_agg(type, ',' order by version) from {0}.mt_events"));
        await test.ExecuteAsync("update {0}.mt_events set mt_dotnet_type = 'Gone.Type, Gone'");

        await using var reader = await TestStore.CreateAsync(o => o.Events.MapEventType<MoneyDeposited>("deposit"), test.Schema);
        await using var session = reader.Query();
        Assert.Equal(new MoneyDeposited(1), (await session.Events.FetchStreamAsync(id, version: 1)).Single().Data);
        var exception = await Assert.ThrowsAsync<UnknownEventTypeException>(() => session.Events.FetchStreamAsync(id));
        Assert.Equal("money_withdrawn", exception.EventTypeName);
    }

    [Fact]
    public async Task Old_events_are_read_in_their_new_shape()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(7)));

        await using var later = await TestStore.CreateAsync(
            o => o.Events.Upcast<MoneyDeposited, MoneyPaid>("money_deposited", old => new MoneyPaid(old.Amount * 100L, "EUR")).MapEventType<MoneyPaid>("money_paid"), test.Schema);
        await later.SaveAsync(s => s.Events.Append(id, new MoneyPaid(5, "USD")));
        await using var session = later.Query();
        Assert.Equal([new MoneyPaid(700, "EUR"), new MoneyPaid(5, "USD")], (await session.Events.FetchStreamAsync(id)).Select(e => e.Data));
        Assert.Equal(["money_deposited", "money_paid"], (await session.Events.FetchStreamAsync(id)).Select(e => e.EventTypeName));
        Assert.Equal(2, (await session.Events.QueryRawEventDataOnly<MoneyPaid>().ToListAsync()).Count);
    }

    [Fact]
    public void Two_types_of_one_name_are_refused()
    {
        var options = new StoreOptions();
        options.Events.MapEventType<MoneyDeposited>("money");
        var exception = Assert.Throws<InvalidOperationException>(() => options.Events.MapEventType<MoneyWithdrawn>("money"));
        Assert.Contains("the same name 'money'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_events_can_be_queried()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        var archived = Guid.CreateVersion7();
        await test.SaveAsync(s =>
        {
            s.Events.StartStream(id, new MoneyDeposited(1), new MoneyWithdrawn(2), new MoneyDeposited(30));
            s.Events.StartStream(archived, new MoneyDeposited(4));
        });
        await test.SaveAsync(s => s.Events.ArchiveStream(archived));

        await using var session = test.Query();
        var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamId == id && e.Version > 1).OrderByDescending(e => e.Sequence).ToListAsync();
        Assert.Equal([new MoneyDeposited(30), new MoneyWithdrawn(2)], events.Select(e => e.Data));
        Assert.Equal(3, await session.Events.QueryAllRawEvents().CountAsync());
        Assert.Equal(1, await session.Events.QueryAllRawEvents().CountAsync(e => e.EventTypeName == "money_withdrawn"));
        Assert.Equal([30], await session.Events.QueryRawEventDataOnly<MoneyDeposited>().Where(e => e.Amount > 10).Select(e => e.Amount).ToListAsync());
        await Assert.ThrowsAsync<BadLinqExpressionException>(() => session.Events.QueryAllRawEvents().Where(e => e.Headers != null).ToListAsync());
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_names_its_event()
    {
        await using var test = await TestStore.CreateAsync();
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream(id, new MoneyDeposited(1)));
        await test.ExecuteAsync("update {0}.mt_events set data = '[1]'");
        await using var session = test.Query();
        var exception = await Assert.ThrowsAsync<EventDeserializationFailureException>(() => session.Events.FetchStreamAsync(id));
        Assert.Equal((1L, "money_deposited"), (exception.Sequence, exception.EventTypeName));
        Assert.IsType<JsonException>(exception.InnerException);
    }

    [Fact]
    public async Task The_tables_are_those_of_the_real_package()
    {
        await using var test = await TestStore.CreateAsync(o =>
        {
            o.Events.StreamIdentity = StreamIdentity.AsString;
            o.Events.AddEventType<MoneyDeposited>();
        });
        await test.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        Assert.Equal("id varchar,type varchar,version int8,timestamp timestamptz,created timestamptz,tenant_id varchar,is_archived bool", await ColumnsAsync(test, "mt_streams"));
        Assert.Equal("seq_id int8,id uuid,stream_id varchar,version int8,data jsonb,bdata bytea,type varchar,timestamp timestamptz,tenant_id varchar,mt_dotnet_type varchar,is_archived bool", await ColumnsAsync(test, "mt_events"));
        Assert.Equal("name varchar,last_seq_id int8,last_updated timestamptz", await ColumnsAsync(test, "mt_event_progression"));
        Assert.Equal("ending_sequence int8,starting_sequence int8,timestamp timestamptz", await ColumnsAsync(test, "mt_high_water_skips"));
        Assert.Equal("fkey_mt_events_stream_id,pkey_mt_events_seq_id,pkey_mt_streams_id", await test.ScalarAsync(
            "select string_agg(conname, ',' order by conname) from pg_constraint where conrelid in ('{0}.mt_events'::regclass, '{0}.mt_streams'::regclass)"));
        Assert.Equal("pk_mt_events_stream_and_version", await test.ScalarAsync("select indexname from pg_indexes where schemaname = '{0}' and tablename = 'mt_events' and indexname not like 'pkey%'"));
        Assert.Equal(test.Schema + ".mt_events_sequence", await test.ScalarAsync("select pg_get_serial_sequence('{0}.mt_events', 'seq_id')"));

        var again = await test.Store.Storage.CreateMigrationAsync();
        Assert.Equal(Weasel.Core.SchemaPatchDifference.None, again.Difference);
    }

    private static async Task<object?> ColumnsAsync(TestStore test, string table) => await test.ScalarAsync(
        "select string_agg(a.attname || ' ' || t.typname, ',' order by a.attnum) from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = '{0}." + table + "'::regclass and a.attnum > 0");
}

internal sealed record MoneyPaid(long Cents, string Currency);
