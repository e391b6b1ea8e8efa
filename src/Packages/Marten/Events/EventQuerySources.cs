using System.Reflection;
using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Sessions;
using Marten.Linq.Translation;
using Marten.Schema;
using Npgsql;

namespace Marten.Events;

/// <summary>The members of events in queries: the columns of mt_events with the alias d.</summary>
internal sealed class EventScope(EventGraph events) : QueryScope
{
    public override Type Type => typeof(IEvent);

    public override string JsonSql => "d.data";

    public override SqlMember Locate(IReadOnlyList<MemberInfo> path)
    {
        if (path.Count != 1 || ColumnOf(path[0].Name) is not { } column)
        {
            throw new BadLinqExpressionException(
                $"'{string.Join('.', path.Select(m => m.Name))}' of an event is no column that a query can use. Query the bodies of one type with QueryRawEventDataOnly<T>().");
        }

        var (dbType, name) = PostgresTypes.For(JsonLocators.TypeOf(path[0]), false);
        return new SqlMember("d." + column, null, null, JsonLocators.TypeOf(path[0]), dbType, name, false);
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
        _ => null,
    };
}

/// <summary>The rows of mt_events. Archived events are left out.</summary>
internal class EventQuerySource(EventGraph events) : QuerySource
{
    protected EventGraph Events => events;

    public override QueryScope Scope { get; } = new EventScope(events);

    public override Type StorageType => typeof(IEvent);

    public override string From => events.Sql.Events + " as d";

    public override string? DefaultFilter => "d.is_archived = FALSE";

    public override string SelectColumns => events.Sql.EventColumns;

    public override int ColumnCount { get; } = events.Sql.EventColumns.Count(c => c == ',') + 1;

    public override object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session) => EventReader.Read(reader, firstColumn, events, session.Serializer);

    public override async ValueTask<object> ReadAsync(NpgsqlDataReader reader, int firstColumn, QuerySession session, CancellationToken token) =>
        await EventReader.ReadAsync(reader, firstColumn, events, session.Serializer, token);
}

/// <summary>The bodies of the events of one type.</summary>
internal sealed class EventDataQuerySource(EventGraph events, JsonLocators locators, Type type) : EventQuerySource(events)
{
    public override QueryScope Scope { get; } = new JsonScope(locators, "d.data", type);

    public override string? DefaultFilter { get; } =
        $"d.is_archived = FALSE and d.type = ANY(ARRAY[{string.Join(", ", events.Types.NamesFor(type).Select(Identifiers.Literal))}]::varchar[])";

    public override object Read(NpgsqlDataReader reader, int firstColumn, QuerySession session) => ((IEvent)base.Read(reader, firstColumn, session)).Data;

    public override async ValueTask<object> ReadAsync(NpgsqlDataReader reader, int firstColumn, QuerySession session, CancellationToken token) =>
        ((IEvent)await base.ReadAsync(reader, firstColumn, session, token)).Data;
}
