using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using Npgsql;

namespace ModularMonolith.Payments.TestProvider;

/// <summary>
/// A provider without network and without money, for Development and tests. It keeps its books in tables of its own, so that they survive restarts and several hosts share them. What a card
/// does is in its token: see <see cref="TestCards"/>.
/// </summary>
internal sealed class TestPaymentProvider(Func<NpgsqlDataSource> source, TimeProvider time) : IPaymentProvider
{
    public const string Tables = """
        create table if not exists test_intent (
            id text primary key, method text not null, state text not null, amount bigint not null, captured bigint not null default 0, refunded bigint not null default 0,
            currency text not null, created_at timestamptz not null);
        create table if not exists test_movement (
            id text primary key, intent text not null, kind text not null, amount bigint not null, fee bigint not null, currency text not null, created_at timestamptz not null);
        """;

    // The intent's id is made of the idempotency key, so a repeated call meets the intent of the first.
    private const string Insert = """
        insert into test_intent (id, method, state, amount, currency, created_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (id) do update set id = excluded.id returning state, xmax = 0
        """;

    private const string Take = """
        with taken as (
            update test_intent set captured = captured + $3, state = case when $4 or captured + $3 = amount then 'succeeded' else state end
            where id = $2 and state = 'requires_capture' and captured + $3 <= amount and not exists (select from test_movement where id = $1) returning currency),
        moved as (insert into test_movement select $1, $2, 'capture', $3, $5, currency, $6 from taken returning id)
        select exists (select from moved) or exists (select from test_movement where id = $1)
        """;

    private const string Give = """
        with given as (
            update test_intent set refunded = refunded + $3
            where id = $2 and refunded + $3 <= captured and not exists (select from test_movement where id = $1) returning currency),
        moved as (insert into test_movement select $1, $2, 'refund', -$3, 0, currency, $4 from given returning id)
        select exists (select from moved) or exists (select from test_movement where id = $1)
        """;

    private const int PageSize = 100;

    private static readonly TimeSpan Validity = TimeSpan.FromDays(7);

    public string Name => PaymentsSettings.Test;

    public async Task<ProviderOutcome> AuthoriseAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        if (TestCards.WhyNot(operation.Token) is { } refused)
        {
            return refused;
        }

        if (operation.Token == TestCards.Slow)
        {
            await Task.Delay(TestCards.Slowness, time, cancellationToken);
        }

        var (state, isNew) = await InsertAsync(operation, operation.Token == TestCards.AuthenticationRequired ? "requires_action" : "requires_capture", cancellationToken);
        return isNew && operation.Token == TestCards.TimeoutAfterSuccess
            ? new IsUnknown("The answer was lost, as the card demands.")
            : OutcomeOf(IntentOf(operation), state, operation.Token, isFirst: true);
    }

    public async Task<ProviderOutcome> RetrieveAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        await using var command = Command("select state from test_intent where id = $1", operation.Intent!);
        return await command.ExecuteScalarAsync(cancellationToken) is string state
            ? OutcomeOf(operation.Intent!, state, operation.Token, isFirst: false)
            : new WasRefused("unknown-intent", "The provider does not know this payment.");
    }

    public async Task<ProviderOutcome> CaptureAsync(ProviderOperation operation, CancellationToken cancellationToken) =>
        operation.Token != TestCards.CaptureFails && await TakeAsync(operation, operation.Intent!, cancellationToken)
            ? new WasCaptured(operation.Intent!, MovementOf(operation))
            : new WasRefused("capture-refused", "The authorisation cannot be captured.");

    public async Task<ProviderOutcome> ChargeAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        if (TestCards.WhyNot(operation.Token) is { } refused)
        {
            return refused;
        }

        await InsertAsync(operation, "requires_capture", cancellationToken);
        return await TakeAsync(operation, IntentOf(operation), cancellationToken)
            ? new WasCaptured(IntentOf(operation), MovementOf(operation))
            : new WasRefused("capture-refused", "The card cannot be charged.");
    }

    public async Task<ProviderOutcome> CancelAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "update test_intent set state = 'canceled' where id = $1 and state in ('requires_capture', 'requires_action') returning id", operation.Intent!);
        if (await command.ExecuteScalarAsync(cancellationToken) is not null)
        {
            return new WasCancelled();
        }

        await using var asked = Command(
            "select captured, (select id from test_movement where intent = $1 and kind = 'capture' order by created_at desc, id desc limit 1) from test_intent where id = $1 and captured > $2",
            operation.Intent!, operation.Amount.Amount);
        await using var taken = await asked.ExecuteReaderAsync(cancellationToken);
        return await taken.ReadAsync(cancellationToken) ? new WasTaken(taken.GetString(1), taken.GetInt64(0) - operation.Amount.Amount) : new WasCancelled();
    }

    public async Task<ProviderOutcome> RefundAsync(ProviderOperation operation, CancellationToken cancellationToken)
    {
        if (operation.Token == TestCards.RefundFails)
        {
            return new WasRefused("refund-refused", "The bank does not take the money back.");
        }

        await using var command = Command(Give, MovementOf(operation), operation.Intent!, operation.Amount.Amount, time.GetUtcNow());
        return await command.ExecuteScalarAsync(cancellationToken) is not true ? new WasRefused("refund-refused", "It is more than what was captured and not refunded.")
            : operation.Token == TestCards.RefundIsPending ? new IsOnItsWay(MovementOf(operation), true)
            : new WasRefunded(MovementOf(operation));
    }

    // On its way until it is asked about for the first time.
    public Task<ProviderOutcome> RetrieveRefundAsync(ProviderOperation operation, CancellationToken cancellationToken) => Task.FromResult<ProviderOutcome>(new WasRefunded(operation.Refund!));

    public async Task<ProviderTransactionPage> ReportAsync(DateTimeOffset from, DateTimeOffset to, string? after, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "select id, kind, amount, fee, currency, created_at from test_movement where created_at >= $1 and created_at < $2 and id > $3 order by id limit $4",
            from.ToUniversalTime(), to.ToUniversalTime(), after ?? string.Empty, PageSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<ProviderTransaction>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var currency = reader.GetString(4);
            page.Add(new ProviderTransaction(
                "bt_" + reader.GetString(0), reader.GetString(0), reader.GetString(1), new Money(reader.GetInt64(2), currency), new Money(reader.GetInt64(3), currency), reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return new ProviderTransactionPage(Name, page, page.Count == PageSize ? page[^1].ProviderReference : null);
    }

    private static string IntentOf(ProviderOperation operation) => $"pi_test_{operation.Id:N}";

    private static string MovementOf(ProviderOperation operation) => $"mv_test_{operation.Id:N}";

    private ProviderOutcome OutcomeOf(string intent, string state, string token, bool isFirst) => state switch
    {
        "requires_capture" or "succeeded" => new WasAuthorised(intent, time.GetUtcNow() + Validity, token != TestCards.SingleCapture),
        "requires_action" when isFirst => new NeedsAction(intent, "/api/payments/test-provider/" + intent),
        "requires_action" => new IsUndecided(intent),
        _ => new WasRefused("authentication-failed", "The customer has not confirmed the payment.", intent),
    };

    private async Task<(string State, bool IsNew)> InsertAsync(ProviderOperation operation, string state, CancellationToken cancellationToken)
    {
        await using var command = Command(Insert, IntentOf(operation), operation.Token, state, operation.Amount.Amount, operation.Amount.Currency, time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.GetBoolean(1));
    }

    private async Task<bool> TakeAsync(ProviderOperation operation, string intent, CancellationToken cancellationToken)
    {
        var fee = (long)((Int128)operation.Amount.Amount * 15 / 1_000);
        await using var command = Command(Take, MovementOf(operation), intent, operation.Amount.Amount, operation.IsFinal, fee, time.GetUtcNow());
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = source().CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return command;
    }
}
