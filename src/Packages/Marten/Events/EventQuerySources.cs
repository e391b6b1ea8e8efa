using System.Reflection;
using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal.Sessions;
using Marten.Linq.Translation;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>The members of events in queries: the columns of mt_events with the alias d.</summary>
internal sealed class EventScope(EventGraph events) : QueryScope
{
    public override Type Type => typeof(IEvent);

    public override string JsonSql => "d.data";

    public override SqlMember Locate(IReadOnlyList<MemberInfo> path)
    {
        if (path is [{ Name: nameof(IEvent.Headers) }] && events.MetadataConfig.HeadersEnabled)
            return new SqlMember("d.headers", "CAST(d.headers as text)", "d.headers", typeof(Dictionary<string, object>), null, "jsonb", false);
        if (path.Count != 1 || ColumnOf(path[0].Name) is not { } column)
        {
            throw new BadLinqExpressionException(
                $"'{string.Join('.', path.Select(m => m.Name))}' of an event is no column that a query can use. Query the bodies of one type with QueryRawEventDataOnly<T>().");
        }

        var (dbType, name) = PostgresTypes.For(JsonLocators.TypeOf(path[0]), false);
        return new SqlMember("d." + column, null, null, JsonLocators.TypeOf(path[0]), dbType, name, false) { NamesHiddenRows = path[0].Name == nameof(IEvent.IsArchived) };
    }

    private string? ColumnOf(string member) => member switch
    {
        nameof(IEvent.Id) => "id",
        nameof(IEvent.Sequence) => "seq_id",
        nameof(IEvent.Version) => "version",
        nameof(IEvent.Timestamp) => "timestamp",
        nameof(IEvent.EventTypeName) => "type",
        nameof(IEvent.DotNetTypeName) => "mt_dotnet_type",
        nameof(IEvent.TenantId) => "tenant_id",
        nameof(IEvent.IsArchived) => "is_archived",
        nameof(IEvent.StreamId) when events.Sql.IsGuid => "stream_id",
        nameof(IEvent.StreamKey) when !events.Sql.IsGuid => "stream_id",
        nameof(IEvent.CorrelationId) when events.MetadataConfig.CorrelationIdEnabled => "correlation_id",
        nameof(IEvent.CausationId) when events.MetadataConfig.CausationIdEnabled => "causation_id",
        nameof(IEvent.UserName) when events.MetadataConfig.UserNameEnabled => "user_name",
        nameof(IEvent.IsSkipped) when events.EnableEventSkippingInProjectionsOrSubscriptions => "is_skipped",
        _ => null,
    };
}

/// <summary>The rows of mt_events of one tenant. Archived events are left out unless the query names them.</summary>
internal class EventQuerySource(EventGraph events, QuerySession session) : QuerySource
{
    protected EventGraph Events => events;

    public override QueryScope Scope { get; } = new EventScope(events);

    public override Type StorageType => typeof(IEvent);

    public override string From => events.Sql.Events + " as d";

    public override string? DefaultFilter => "d.is_archived = FALSE";

    public override IEnumerable<string> Filters(SqlTranslator translator)
    {
        foreach (var filter in base.Filters(translator))
            yield return filter;
        if (events.Sql.IsConjoined && !translator.NamesTenants)
            yield return "d.tenant_id = " + translator.AddParameter(session.TenantId, NpgsqlDbType.Varchar);
    }

    public override string SelectColumns => events.Sql.EventColumns;

    public override int ColumnCount { get; } = events.Sql.EventColumnCount;

    public override object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session) => EventReader.Read(reader, firstColumn, events, session.Serializer);

    public override async ValueTask<object> ReadAsync(NpgsqlDataReader reader, int firstColumn, QuerySession session, CancellationToken token) =>
        await EventReader.ReadAsync(reader, firstColumn, events, session.Serializer, token);
}

/// <summary>The bodies of the events of one type.</summary>
internal sealed class EventDataQuerySource(EventGraph events, QuerySession session, Type type) : EventQuerySource(events, session)
{
    public override QueryScope Scope { get; } = events.Binary.SerializerFor(type) is null
        ? new JsonScope(session.Options.Locators, "d.data", type)
        : new BinaryScope(type);

    public override IEnumerable<string> Filters(SqlTranslator translator) =>
        base.Filters(translator).Append($"d.type = ANY({translator.AddParameter(Events.Types.NamesFor(type).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Varchar)})");

    public override object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session) => ((IEvent)base.Read(reader, firstColumn, session)).Data;

    public override async ValueTask<object> ReadAsync(NpgsqlDataReader reader, int firstColumn, QuerySession session, CancellationToken token) =>
        ((IEvent)await base.ReadAsync(reader, firstColumn, session, token)).Data;
}
