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
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

internal sealed record EditTaxZone(string Code, long? ExpectedVersion, TaxZoneContent Content) : ICommand<TaxZoneView>;

internal sealed class EditTaxZoneValidator : AbstractValidator<EditTaxZone>
{
    public EditTaxZoneValidator() => RuleFor(command => command.Content).SetValidator(new TaxZoneContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class EditTaxZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/tax-zones/{code}", static async (string code, TaxZoneContent body, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            var zone = await sender.Send(new EditTaxZone(code, EntityTags.RequireIfMatch(http), body), cancellationToken);
            rules.Forget();
            EntityTags.Write(http, zone.Version);
            return Results.Ok(zone);
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("EditTaxZone").WithSummary("Replaces a tax zone with its rates. Quotes that were made before stay as they are.")
        .Produces<TaxZoneView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(428);
}

internal sealed class EditTaxZoneHandler(IModuleSession<IPricingStore> session) : IRequestHandler<EditTaxZone, TaxZoneView>
{
    public async Task<TaxZoneView> Handle(EditTaxZone request, CancellationToken cancellationToken)
    {
        var before = await TaxZone.FindAsync(session.Documents, request.Code, cancellationToken) ?? throw ProblemException.NotFound("tax zone", request.Code);
        EntityTags.Check(request.ExpectedVersion, before.Version);
        await TaxZones.RefuseTwinAsync(session.Documents, request.Code, request.Content, cancellationToken);
        var after = request.Content.ToZone(request.Code);
        after.Version = before.Version;
        session.Documents.UpdateRevision(after, before.Version + 1);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return TaxZoneView.Of(after, before.Version + 1);
    }
}
