using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>Releases the reservations whose time is over, and forgets those that were settled long ago. Who reserves does not wait for it: what has expired is free at once.</summary>
[RetryOnConflict]
internal sealed record ReleaseExpiredRedemptions : ICommand
{
    public const string Name = "release-expired-redemptions";
    public const string EveryMinute = "* * * * *";

    /// <summary>As long as an order may be returned, by far.</summary>
    public const int KeptDays = 730;
}

internal sealed class ReleaseExpiredRedemptionsHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<ReleaseExpiredRedemptions, Unit>
{
    private const int AtOnce = 5_000;

    private const string IsNeeded = """
        select exists (select from redemption where status = 'reserved' and expires_at <= $1) or exists (select from redemption where settled_at < $2)
        """;

    public async Task<Unit> Handle(ReleaseExpiredRedemptions request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var forgotten = now.AddDays(-ReleaseExpiredRedemptions.KeptDays);
        if (await IsNeededAsync(now, forgotten, cancellationToken))
        {
            session.Documents.QueueSqlCommand(RedemptionTables.ReleaseExpired, now, AtOnce);
            session.Documents.QueueSqlCommand(RedemptionTables.Forget, forgotten, AtOnce);
            session.RecordChange("redemption", "*", "deleted");
        }

        return Unit.Value;
    }

    private async Task<bool> IsNeededAsync(DateTimeOffset now, DateTimeOffset forgotten, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(IsNeeded);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = forgotten });
        await using var reader = await session.Documents.ExecuteReaderAsync(command, cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
    }
}
