using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Reconciliations;

internal sealed record GetReconciliation(Guid ReconciliationId) : IQuery<ReconciliationView>;

internal sealed class GetReconciliationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/reconciliations/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetReconciliation(id), cancellationToken)))
        .RequirePermission("ledger:read")
        .WithName("GetReconciliation")
        .WithSummary("Shows a reconciliation: how far it is, and what it found.")
        .Produces<ReconciliationView>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetReconciliationHandler(IModuleSession<ILedgerStore> session) : IRequestHandler<GetReconciliation, ReconciliationView>
{
    public async Task<ReconciliationView> Handle(GetReconciliation request, CancellationToken cancellationToken) => ReconciliationView.Of(
        await session.Documents.LoadAsync<Reconciliation>(request.ReconciliationId, cancellationToken) ?? throw ProblemException.NotFound("reconciliation", request.ReconciliationId));
}
