using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Accounts;

/// <summary>The money of one order.</summary>
internal sealed record GetOrderBalances(Guid OrderId) : IQuery<OrderBalances>;

/// <param name="OrderId">The order.</param>
/// <param name="IsSettled">Whether the customer owes nothing and is owed nothing.</param>
/// <param name="Accounts">The part of each account that the order moved.</param>
internal sealed record OrderBalances(Guid OrderId, bool IsSettled, IReadOnlyList<AccountBalance> Accounts);

internal sealed class GetOrderBalancesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{orderId:guid}", static async (Guid orderId, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetOrderBalances(orderId), cancellationToken)))
        .RequirePermission("ledger:read")
        .WithName("GetOrderBalances")
        .WithSummary("Shows what an order has moved on each account. Its entries are at /api/ledger/entries?reference=….")
        .Produces<OrderBalances>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderBalancesHandler(LedgerDatabase database) : IRequestHandler<GetOrderBalances, OrderBalances>
{
    public async Task<OrderBalances> Handle(GetOrderBalances request, CancellationToken cancellationToken)
    {
        var accounts = await database.QueryAsync(
            "select account, currency, debit, credit from ledger_balance where reference = $1 order by account, currency limit 1000",
            [request.OrderId.ToString()],
            static row => AccountBalance.Of(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)),
            cancellationToken);
        return accounts.Count == 0
            ? throw ProblemException.NotFound("entry of the order", request.OrderId)
            : new OrderBalances(request.OrderId, accounts.Where(static account => account.Account == Entries.Account.Customer).All(static account => account.Balance.Amount == 0), accounts);
    }
}
