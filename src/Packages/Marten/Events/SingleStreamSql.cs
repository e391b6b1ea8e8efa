using System.Text;
using JasperFx.Events;

namespace Marten.Events;

/// <summary>
/// The statements that write a few events of one stream: plain ones, with a parameter for each value, which cost the server about
/// half of what arrays do. Like those of <see cref="EventSql"/> they fail inside the database when the stream is in the wrong state.
/// </summary>
internal sealed class SingleStreamSql
{
    /// <summary>How many events are written in this way; more come as arrays.</summary>
    public const int MaximumEvents = 10;

    private readonly EventGraph events;
    private readonly EventSql sql;
    private readonly string?[] inserts = new string?[MaximumEvents + 1];

    public SingleStreamSql(EventGraph events, EventSql sql)
    {
        this.events = events;
        this.sql = sql;
        var remembered = events.EnableStrictStreamIdentityEnforcement ? $"with remembered as (insert into {sql.StreamIdentities} (id{(sql.IsConjoined ? ", tenant_id" : "")}) values ($1{(sql.IsConjoined ? ", $4" : "")})) " : "";
        Start = remembered + $"insert into {sql.Streams} (id, type, version, timestamp, created, tenant_id, is_archived) select $1, $2, $3, now(), now(), {sql.TenantValue(4)}, FALSE{sql.Unarchived(" where", "$1", 4)} returning timestamp";
        Advance = AdvanceStatement("");
        AdvanceUnchanged = AdvanceStatement(" and s.xmin = $" + sql.AfterTenant);
    }

    /// <summary>Inserts a stream: id, type, version, the tenant.</summary>
    public string Start { get; }

    /// <summary>Moves a stream on: id, version before, number of events, the tenant. Fails when the stream has another version or is archived.</summary>
    public string Advance { get; }

    /// <summary>As <see cref="Advance"/>, with the mark of the row as the last parameter; fails also when the row is another one.</summary>
    public string AdvanceUnchanged { get; }

    /// <summary>
    /// Inserts events: stream id, version before them, the tenant; then for each event what <see cref="EventParameters.AddValues"/> adds. Fails
    /// by the foreign key when there is no such stream. Returns version, sequence and time of each.
    /// </summary>
    public string Insert(int count) => inserts[count] ??= InsertStatement(count);

    private string AdvanceStatement(string condition) =>
        $"update {sql.Streams} as s set timestamp = now(), version = case when s.version = $2 and not s.is_archived{condition} then s.version + $3 else ('{EventSql.Guard}' || s.version)::bigint end where s.id = $1{sql.Own("s", 4)}";

    private string InsertStatement(int count)
    {
        var (timestamp, sequence) = (events.AppendMode != EventAppendMode.QuickWithServerTimestamps, events.AppendMode == EventAppendMode.Rich);
        var next = sql.IsConjoined ? 4 : 3;
        var text = new StringBuilder($"insert into {sql.Events} (stream_id, version, tenant_id, is_archived, id, type, mt_dotnet_type, data{(sql.HasBinary ? ", bdata" : "")}, timestamp, seq_id");
        text.Append(string.Concat(events.MetadataColumns.Select(c => ", " + c.Name))).Append(") values ");
        for (var number = 1; number <= count; number++)
        {
            text.Append(number > 1 ? ", " : "").Append($"($1, $2 + {number}, {sql.TenantValue(3)}, FALSE, ${next++}, ${next++}, ${next++}, ${next++}, ");
            if (sql.HasBinary)
                text.Append($"${next++}, ");
            text.Append(timestamp ? $"${next++}, " : "now(), ").Append(sequence ? $"${next++}" : $"nextval({sql.SequenceName})");
            foreach (var _ in events.MetadataColumns)
                text.Append($", ${next++}");
            text.Append(')');
        }

        return text.Append(" returning version, seq_id, timestamp").ToString();
    }
}
