using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

internal sealed record DeleteTaxZone(string Code, long? ExpectedVersion) : ICommand;

internal sealed class DeleteTaxZoneValidator : AbstractValidator<DeleteTaxZone>
{
    public DeleteTaxZoneValidator() => RuleFor(command => command.Code).NotEmpty().MaximumLength(Codes.Longest).NoNul();
}

internal sealed class DeleteTaxZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/tax-zones/{code}", static async (string code, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteTaxZone(code, EntityTags.RequireIfMatch(http)), cancellationToken);
            rules.Forget();
            return Results.NoContent();
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("DeleteTaxZone").WithSummary("Deletes a tax zone: no tax is due there any more.")
        .Produces(204).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class DeleteTaxZoneHandler(IModuleSession<IPricingStore> session) : IRequestHandler<DeleteTaxZone, Unit>
{
    public async Task<Unit> Handle(DeleteTaxZone request, CancellationToken cancellationToken)
    {
        var zone = await TaxZone.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("tax zone", request.Code);
        EntityTags.Check(request.ExpectedVersion, zone.Version);
        session.Documents.Delete(zone);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return Unit.Value;
    }
}
