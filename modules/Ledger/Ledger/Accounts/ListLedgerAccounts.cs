using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ledger.Entries;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Accounts;

/// <summary>All accounts with what is on them.</summary>
/// <param name="AsOf">Only what had happened until then; null for all.</param>
internal sealed record ListLedgerAccounts(DateTimeOffset? AsOf) : IQuery<AccountList>;

/// <param name="AsOf">The time that was asked for; null for now.</param>
/// <param name="Items">The accounts, one item for each currency.</param>
internal sealed record AccountList(DateTimeOffset? AsOf, IReadOnlyList<AccountBalance> Items);

/// <param name="Account">The account: <c>customer</c>, <c>revenue</c>, <c>provider:stripe</c> …</param>
/// <param name="Kind">Assets and expenses grow on the debit side, liabilities and income on the credit side.</param>
/// <param name="Debit">The sum of the debits.</param>
/// <param name="Credit">The sum of the credits.</param>
/// <param name="Balance">The difference, positive on the side on which the account grows.</param>
internal sealed record AccountBalance(string Account, AccountKind Kind, Money Debit, Money Credit, Money Balance)
{
    public static AccountBalance Of(string account, string currency, long debit, long credit) => new(
        account, Entries.Account.KindOf(account), new Money(debit, currency), new Money(credit, currency), new Money(Entries.Account.BalanceOf(account, debit, credit), currency));
}

internal sealed class ListLedgerAccountsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/accounts", static async (DateTimeOffset? asOf, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new ListLedgerAccounts(asOf), cancellationToken)))
        .RequirePermission("ledger:read")
        .WithName("ListLedgerAccounts")
        .WithSummary("Lists the accounts with their sums and balances, now or as of a time.")
        .Produces<AccountList>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListLedgerAccountsHandler(LedgerDatabase database) : IRequestHandler<ListLedgerAccounts, AccountList>
{
    public async Task<AccountList> Handle(ListLedgerAccounts request, CancellationToken cancellationToken) => new(request.AsOf?.ToUniversalTime(), await BalancesAsync(database, request.AsOf, cancellationToken));

    /// <summary>The accounts: whole days from their sums, and the lines of the last day one by one.</summary>
    public static Task<List<AccountBalance>> BalancesAsync(LedgerDatabase database, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        const string Days = "select account, currency, debit, credit from ledger_day";
        const string Sums = "select account, currency, sum(debit)::bigint, sum(credit)::bigint from ({0}) part group by 1, 2 order by 1, 2 limit 1000";
        const string Until = Days + " where day < $1 union all select account, currency, debit, credit from ledger_line where occurred_at >= $2 and occurred_at <= $3";
        var moment = asOf?.ToUniversalTime();
        return database.QueryAsync(
            Sums.Replace("{0}", moment is null ? Days : Until, StringComparison.Ordinal),
            moment is null ? [] : [DateOnly.FromDateTime(moment.Value.Date), new DateTimeOffset(moment.Value.Date, TimeSpan.Zero), moment.Value],
            static row => AccountBalance.Of(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
    }
}
