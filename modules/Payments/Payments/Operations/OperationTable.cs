using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Payments.Operations;

/// <summary>An operation as the staff sees it.</summary>
internal sealed record OperationState(Guid Id, bool IsStuck, bool IsLeased, int Attempts, string Error, DateTimeOffset NextAttemptAt);

/// <summary>What is done to operations between their beginning and their outcome, which is recorded elsewhere: taking, postponing, leaving to the staff.</summary>
internal sealed class OperationTable(Func<NpgsqlDataSource> source, PaymentsSettings settings, TimeProvider time)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    // Rows that another host has locked are its own. What may have arrived is told as it was before this attempt.
    private const string Claim = """
        with due as (
            select id, may_have_arrived from provider_operation
            where state = 'waiting' and next_attempt_at <= $1 order by next_attempt_at limit $3 for update skip locked)
        update provider_operation taken set next_attempt_at = $2, is_leased = true, may_have_arrived = true
        from due where taken.id = due.id
        returning taken.body::text, taken.intent, due.may_have_arrived, taken.is_abandoned, taken.attempts
        """;

    private const int LongestError = 500;

    /// <summary>Takes operations that are due, for this host alone until the lease ends.</summary>
    public async Task<List<LeasedOperation>> ClaimAsync(int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = source().CreateCommand(Claim);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(now + settings.Lease);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<LeasedOperation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var operation = JsonSerializer.Deserialize<ProviderOperation>(reader.GetString(0), Json)! with { Intent = await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1) };
            claimed.Add(new LeasedOperation(operation, now + settings.Lease, reader.GetBoolean(2), reader.GetBoolean(3), reader.GetInt32(4)));
        }

        return claimed;
    }

    /// <summary>
    /// Has an operation tried again later, or at once when somebody has asked for it meanwhile. It is not there any more when its outcome was recorded meanwhile, and not this attempt's when its lease has
    /// ended: then nothing happens.
    /// </summary>
    /// <param name="leased">The attempt that did not settle it.</param>
    /// <param name="pause">For how long nobody tries.</param>
    /// <param name="mayHaveArrived">Whether it may have had its effect.</param>
    /// <param name="intent">The provider's payment, if it has become known.</param>
    /// <param name="error">For operators.</param>
    /// <param name="isStuck">Nobody tries any more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PostponeAsync(LeasedOperation leased, TimeSpan pause, bool mayHaveArrived, string? intent, string error, bool isStuck, CancellationToken cancellationToken)
    {
        await using var command = source().CreateCommand("""
            update provider_operation set
                next_attempt_at = case when is_asked then $8 else $2 end, is_leased = false, may_have_arrived = $3, intent = coalesce($4, intent), error = $5, attempts = attempts + 1,
                state = case when $6 and not is_asked then 'stuck' else 'waiting' end, is_asked = false
            where id = $1 and is_leased and next_attempt_at = $7
            """);
        command.Parameters.AddWithValue(leased.Operation.Id);
        command.Parameters.AddWithValue(time.GetUtcNow() + pause);
        command.Parameters.AddWithValue(mayHaveArrived);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)intent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.AddWithValue(error.Length <= LongestError ? error : error[..LongestError]);
        command.Parameters.AddWithValue(isStuck);
        command.Parameters.AddWithValue(leased.LeasedUntil);
        command.Parameters.AddWithValue(time.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives back what this host has taken and not begun.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<LeasedOperation> leased, CancellationToken cancellationToken)
    {
        await using var command = source().CreateCommand("""
            update provider_operation set next_attempt_at = $3, is_leased = false, may_have_arrived = given.arrived
            from unnest($1, $2, $4) given (id, arrived, until) where provider_operation.id = given.id and is_leased and next_attempt_at = given.until
            """);
        command.Parameters.AddWithValue(leased.Select(static item => item.Operation.Id).ToArray());
        command.Parameters.AddWithValue(leased.Select(static item => item.MayHaveArrived).ToArray());
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(leased.Select(static item => item.LeasedUntil).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Where the operations of a payment stand.</summary>
    public async Task<List<OperationState>> OfPaymentAsync(Guid paymentId, CancellationToken cancellationToken)
    {
        await using var command = source().CreateCommand("select id, state = 'stuck', is_leased, attempts, error, next_attempt_at from provider_operation where payment_id = $1 order by created_at, id limit 1000");
        command.Parameters.AddWithValue(paymentId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<OperationState>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new OperationState(reader.GetGuid(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetInt32(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return found;
    }
}
