using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Coupons;
using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Pricing.Redemptions;

internal sealed class ReserveRedemptionsValidator : AbstractValidator<ReserveRedemptions>
{
    public const int LongestHours = 24;
    public const int MostRedemptions = 50;
    public const int LongestSubject = 200;

    public ReserveRedemptionsValidator(TimeProvider time)
    {
        RuleFor(command => command.RedemptionId).NotEmpty();
        RuleFor(command => command.Redemptions).Must(static redemptions => redemptions is { Count: >= 1 and <= MostRedemptions }).WithMessage($"Reserve 1 to {MostRedemptions} redemptions.");
        RuleForEach(command => command.Redemptions).ChildRules(static redemption =>
        {
            redemption.RuleFor(static one => one.Discount).Must(static discount => discount.Amount >= 0).WithMessage("A discount is not below zero.");
            redemption.RuleFor(static one => one.Coupon).Must(static code => code is null || CouponCode.IsPlain(code)).WithMessage("The coupon is not one that a quote has named.");
        });
        RuleFor(command => command.Customer).MaximumLength(LongestSubject).NoNul();
        RuleFor(command => command.ExpiresAt)
            .Must(expiresAt => expiresAt > time.GetUtcNow()).WithMessage("The reservation would be over before it begins.")
            .Must(expiresAt => expiresAt <= time.GetUtcNow().AddHours(LongestHours)).WithMessage($"A reservation lasts at most {LongestHours} hours.");
    }
}

internal sealed class ReserveRedemptionsHandler(IModuleSession<IPricingStore> session, RedemptionLimits limits, TimeProvider time)
    : IRequestHandler<ReserveRedemptions, RedemptionReservation>
{
    private static readonly RedemptionReservation Reserved = new(true, []);

    public async Task<RedemptionReservation> Handle(ReserveRedemptions request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var counted = UsageKeys.Of(request.Redemptions, request.Customer);
        var (most, refused) = await limits.OfAsync(request.Redemptions, request.Customer, cancellationToken);
        if (refused.Count > 0)
        {
            return await FindAsync(request, cancellationToken) is { } former && former.IsAliveAt(now) ? Repeat(former, request, counted) : new RedemptionReservation(false, refused);
        }

        await session.Documents.BeginTransactionAsync(cancellationToken);
        var taken = await TakeAsync(request, counted, most, cancellationToken);
        if (taken.Count < counted.Count && await FindAsync(request, cancellationToken) is { } known)
        {
            if (known.Status != RedemptionStatus.Reserved || known.ExpiresAt > now)
            {
                GiveBack(counted, taken);
                return Repeat(known, request, counted);
            }

            // Its time was over: it is made anew, if there is still room.
            await ReleaseAsync(request, now, cancellationToken);
            taken = await TakeAsync(request, counted, most, cancellationToken);
        }

        if (taken.Count < counted.Count)
        {
            taken.UnionWith(await TakeAgainAsync(request, [.. counted.Where(part => !taken.Contains(part.Key))], most, now, cancellationToken));
        }

        if (taken.Count < counted.Count)
        {
            GiveBack(counted, taken);
            return new RedemptionReservation(false, RefusedBy(request, counted.Select(static part => part.Key).Where(key => !taken.Contains(key)).ToHashSet(StringComparer.Ordinal)));
        }

        var made = new StoredRedemption(
            request.RedemptionId, RedemptionStatus.Reserved, KeysOf(counted), AmountsOf(counted), request.ExpiresAt.ToUniversalTime(), request.QuoteId);
        RedemptionRows.Insert(session.Documents, made, null, now);
        session.RecordChange("redemption", request.RedemptionId.ToString(), "inserted");
        return Reserved;
    }

    private Task<HashSet<string>> TakeAsync(
        ReserveRedemptions request, IReadOnlyList<(string Key, long Amount)> wanted, IReadOnlyDictionary<string, long> most, CancellationToken cancellationToken) =>
        RunAsync(
            RedemptionTables.Take,
            [Keys(wanted), Amounts(AmountsOf(wanted)), Amounts(MostOf(wanted, most)), new NpgsqlParameter<Guid> { TypedValue = request.RedemptionId }], cancellationToken);

    private Task<HashSet<string>> TakeAgainAsync(
        ReserveRedemptions request, IReadOnlyList<(string Key, long Amount)> wanted, IReadOnlyDictionary<string, long> most, DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync(
            RedemptionTables.TakeAgain,
            [
                Keys(wanted), new NpgsqlParameter<DateTimeOffset> { TypedValue = now }, Amounts(AmountsOf(wanted)), Amounts(MostOf(wanted, most)),
                new NpgsqlParameter<Guid> { TypedValue = request.QuoteId ?? Guid.Empty },
            ],
            cancellationToken);

    private Task<HashSet<string>> ReleaseAsync(ReserveRedemptions request, DateTimeOffset now, CancellationToken cancellationToken) =>
        RunAsync(
            RedemptionTables.ReleaseOne, [new NpgsqlParameter<Guid> { TypedValue = request.RedemptionId }, new NpgsqlParameter<DateTimeOffset> { TypedValue = now }], cancellationToken);

    private async Task<HashSet<string>> RunAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await session.Documents.ExecuteReaderAsync(command, cancellationToken);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    private static NpgsqlParameter<string[]> Keys(IReadOnlyList<(string Key, long Amount)> counted) =>
        new() { TypedValue = KeysOf(counted), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<long[]> Amounts(long[] amounts) => new() { TypedValue = amounts };

    private static string[] KeysOf(IReadOnlyList<(string Key, long Amount)> counted) => [.. counted.Select(static part => part.Key)];

    private static long[] AmountsOf(IReadOnlyList<(string Key, long Amount)> counted) => [.. counted.Select(static part => part.Amount)];

    private static long[] MostOf(IReadOnlyList<(string Key, long Amount)> counted, IReadOnlyDictionary<string, long> most) =>
        [.. counted.Select(part => most.GetValueOrDefault(part.Key, long.MaxValue))];

    // All or none: what was counted in the same transaction already is taken back before anybody sees it.
    private void GiveBack(IReadOnlyList<(string Key, long Amount)> counted, HashSet<string> taken) =>
        RedemptionRows.Count(session.Documents, RedemptionTables.GiveBack, [.. counted.Where(part => taken.Contains(part.Key))]);

    private static IReadOnlyList<RefusedRedemption> RefusedBy(ReserveRedemptions request, HashSet<string> full) =>
        [.. request.Redemptions.Select(redemption => (redemption, key: UsageKeys.Of([redemption], request.Customer).Select(static part => part.Key).FirstOrDefault(full.Contains)))
            .Where(static pair => pair.key is not null)
            .Select(static pair => new RefusedRedemption(pair.redemption.PromotionId, pair.redemption.Coupon, RedemptionLimits.Reason(pair.key!)))];

    private Task<StoredRedemption?> FindAsync(ReserveRedemptions request, CancellationToken cancellationToken) =>
        RedemptionRows.FindAsync(session.Documents, request.RedemptionId, cancellationToken);

    private RedemptionReservation Repeat(StoredRedemption known, ReserveRedemptions request, IReadOnlyList<(string Key, long Amount)> counted)
    {
        if (known.Status == RedemptionStatus.Returned)
        {
            throw new ProblemException(RedemptionProblems.RedemptionEnded, $"The redemption {known.Id} is over. Reserve again under a new id.");
        }

        if (!known.Holds(counted))
        {
            throw new ProblemException(RedemptionProblems.RedemptionEnded, $"The redemption {known.Id} was made for other discounts. Reserve these under a new id.");
        }

        if (known.Status == RedemptionStatus.Reserved && known.ExpiresAt < request.ExpiresAt)
        {
            session.Documents.QueueSqlCommand(RedemptionTables.Prolong, request.ExpiresAt.ToUniversalTime(), known.Id);
            session.RecordChange("redemption", known.Id.ToString(), "stored");
        }

        return Reserved;
    }
}
