using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

internal sealed record DeleteTaxExemption(Guid Id) : ICommand;

internal sealed class DeleteTaxExemptionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/tax-exemptions/{id:guid}", static async (Guid id, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteTaxExemption(id), cancellationToken);
            rules.Forget();
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("DeleteTaxExemption").WithSummary("Ends a tax exemption. Quotes that were made before stay as they are.")
        .Produces(204).ProducesProblem(404);
}

internal sealed class DeleteTaxExemptionHandler(IModuleSession<IPricingStore> session) : IRequestHandler<DeleteTaxExemption, Unit>
{
    public async Task<Unit> Handle(DeleteTaxExemption request, CancellationToken cancellationToken)
    {
        var exemption = await session.Documents.LoadAsync<TaxExemption>(request.Id, cancellationToken) ?? throw ProblemException.NotFound("tax exemption", request.Id);
        session.Documents.Delete(exemption);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return Unit.Value;
    }
}
