using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Accounts;

/// <summary>Whether all debits equal all credits, currency by currency.</summary>
/// <param name="AsOf">Only what had happened until then; null for all.</param>
internal sealed record GetTrialBalance(DateTimeOffset? AsOf) : IQuery<TrialBalance>;

/// <param name="AsOf">The time that was asked for; null for now.</param>
/// <param name="IsBalanced">Whether the two sides are equal in every currency.</param>
/// <param name="Currencies">The two sides in each currency.</param>
internal sealed record TrialBalance(DateTimeOffset? AsOf, bool IsBalanced, IReadOnlyList<TrialBalanceInCurrency> Currencies);

/// <param name="Debit">The sum of the accounts whose debits are larger.</param>
/// <param name="Credit">The sum of the accounts whose credits are larger.</param>
/// <param name="Accounts">The accounts, each on the side that is larger.</param>
internal sealed record TrialBalanceInCurrency(Money Debit, Money Credit, IReadOnlyList<TrialBalanceLine> Accounts);

/// <param name="Account">The account.</param>
/// <param name="Side"><c>debit</c> or <c>credit</c>.</param>
/// <param name="Amount">By how much that side is larger; not negative.</param>
internal sealed record TrialBalanceLine(string Account, string Side, Money Amount);

internal sealed class GetTrialBalanceEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/trial-balance", static async (DateTimeOffset? asOf, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetTrialBalance(asOf), cancellationToken)))
        .RequirePermission("ledger:read")
        .WithName("GetTrialBalance")
        .WithSummary("Shows both sides of all accounts, now or as of a time; they are equal.")
        .Produces<TrialBalance>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class GetTrialBalanceHandler(LedgerDatabase database) : IRequestHandler<GetTrialBalance, TrialBalance>
{
    public async Task<TrialBalance> Handle(GetTrialBalance request, CancellationToken cancellationToken)
    {
        var balances = await ListLedgerAccountsHandler.BalancesAsync(database, request.AsOf, cancellationToken);
        var currencies = balances.GroupBy(static balance => balance.Debit.Currency).Select(static group =>
        {
            var lines = group.Select(static balance => balance.Debit.Amount >= balance.Credit.Amount
                ? new TrialBalanceLine(balance.Account, "debit", balance.Debit - balance.Credit)
                : new TrialBalanceLine(balance.Account, "credit", balance.Credit - balance.Debit)).ToList();
            return new TrialBalanceInCurrency(Sum("debit"), Sum("credit"), lines);

            Money Sum(string side) => lines.Where(line => line.Side == side).Aggregate(Money.Zero(group.Key), static (sum, line) => sum + line.Amount);
        }).ToList();
        return new TrialBalance(request.AsOf?.ToUniversalTime(), currencies.TrueForAll(static currency => currency.Debit == currency.Credit), currencies);
    }
}
