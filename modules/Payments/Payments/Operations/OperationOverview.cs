using System.Text.Json;
using Npgsql;

namespace ModularMonolith.Payments.Operations;

/// <summary>How many operations there are, and how old the oldest is.</summary>
/// <param name="Unfinished">Those that the provider has to answer.</param>
/// <param name="Undecided">Those that wait for a customer, or for a refund to arrive: the provider knows of them.</param>
/// <param name="Stuck">Those that are left to the staff.</param>
/// <param name="Overdue">Those that are left to the staff, and those that are unfinished for too long.</param>
/// <param name="OldestAt">When the oldest became necessary that is not undecided; null when there is none.</param>
internal sealed record OperationCounts(long Unfinished, long Undecided, long Stuck, long Overdue, DateTimeOffset? OldestAt);

/// <summary>What operators see of the operations.</summary>
internal sealed class OperationOverview(Func<NpgsqlDataSource> source, PaymentsSettings settings, TimeProvider time)
{
    private const string Undecided = "(state <> 'stuck' and body ->> 'kind' = 'Check')";

    private const string Count = $"""
        select count(*) filter (where not {Undecided} and state <> 'stuck'), count(*) filter (where {Undecided}), count(*) filter (where state = 'stuck'),
            count(*) filter (where state = 'stuck' or (not {Undecided} and created_at < $1)), min(created_at) filter (where not {Undecided})
        from provider_operation
        """;

    // By id, which is of version 7: the oldest come first.
    private const string Page = """
        select body::text, state, is_leased, may_have_arrived, attempts, error, next_attempt_at from provider_operation
        where id > $1 and ($2 = '' or $2 = case when state = 'stuck' then 'Stuck' when is_leased then 'UnderWay' else 'Waiting' end) order by id limit $3
        """;

    public async Task<OperationCounts> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = source().CreateCommand(Count);
        command.Parameters.AddWithValue(time.GetUtcNow() - settings.Overdue);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new OperationCounts(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(4));
    }

    /// <param name="progress">Only those; null for all.</param>
    /// <param name="after">Those behind it.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<List<OperationView>> ListAsync(OperationProgress? progress, Guid after, int limit, CancellationToken cancellationToken)
    {
        await using var command = source().CreateCommand(Page);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(progress?.ToString() ?? string.Empty);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<OperationView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var operation = JsonSerializer.Deserialize<ProviderOperation>(reader.GetString(0), OperationTable.Json)!;
            var state = reader.GetString(1) == "stuck" ? OperationProgress.Stuck : reader.GetBoolean(2) ? OperationProgress.UnderWay : OperationProgress.Waiting;
            found.Add(OperationView.Of(
                operation, state, reader.GetBoolean(3), reader.GetInt32(4), reader.GetString(5), state == OperationProgress.Waiting ? reader.GetFieldValue<DateTimeOffset>(6) : null));
        }

        return found;
    }
}
