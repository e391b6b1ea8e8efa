using Carter;
using FluentValidation;
using Marten;
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

/// <param name="Code">The code by which it is named.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">The second part of an ISO 3166-2 code; left out for all regions.</param>
/// <param name="PostalPrefix">What postal codes begin with; left out for all.</param>
/// <param name="Rates">At most 100 rates: all that are due in the zone, also those of the whole country.</param>
internal sealed record CreateTaxZone(
    string Code, string Title, string Country, string? Region = null, string? PostalPrefix = null, IReadOnlyList<ZoneRate>? Rates = null) : ICommand<TaxZoneView>
{
    public TaxZoneContent ToContent() => new(Title, Country, Region, PostalPrefix, Rates);
}

internal sealed class CreateTaxZoneValidator : AbstractValidator<CreateTaxZone>
{
    public CreateTaxZoneValidator()
    {
        RuleFor(command => command.Code).NotNull().IsCode();
        RuleFor(command => command.ToContent()).SetValidator(new TaxZoneContentValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreateTaxZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/tax-zones", static async (CreateTaxZone body, HttpContext http, RuleBook rules, ISender sender, CancellationToken cancellationToken) =>
        {
            var zone = await sender.Send(body, cancellationToken);
            rules.Forget();
            EntityTags.Write(http, zone.Version);
            return Results.Created("/api/pricing/tax-zones/" + zone.Code, zone);
        })
        .RequirePermission("pricing:manage").SupportsDryRun().WithName("CreateTaxZone").WithSummary("Creates a tax zone with its rates.")
        .WithDescription("An address lies in the most specific zone that covers it, and only the taxes of that zone are due: name those of the whole country in it as well.")
        .Produces<TaxZoneView>(201).ProducesProblem(400).ProducesProblem(409);
}

internal sealed class CreateTaxZoneHandler(IModuleSession<IPricingStore> session) : IRequestHandler<CreateTaxZone, TaxZoneView>
{
    public async Task<TaxZoneView> Handle(CreateTaxZone request, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<TaxZone>(request.Code, cancellationToken) is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There is a tax zone '{request.Code}' already. Choose another code, or change that one.");
        }

        if (await session.Documents.Query<TaxZone>().CountAsync(cancellationToken) >= TaxZone.MaximumCount)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {TaxZone.MaximumCount} tax zones already. Have a tax provider compute the tax instead.");
        }

        var content = request.ToContent();
        await TaxZones.RefuseTwinAsync(session.Documents, request.Code, content, cancellationToken);
        var zone = content.ToZone(request.Code);
        session.Documents.Insert(zone);
        session.Documents.QueueSqlCommand(RuleBook.Raise);
        return TaxZoneView.Of(zone, 1);
    }
}

internal static class TaxZones
{
    /// <summary>Refuses a second zone for the same addresses: which one counted would be left to chance.</summary>
    public static async Task RefuseTwinAsync(IQuerySession session, string code, TaxZoneContent content, CancellationToken cancellationToken)
    {
        var ofCountry = await session.Query<TaxZone>().Where(zone => zone.Country == content.Country).Take(2 * TaxZone.MaximumCount).ToListAsync(cancellationToken);
        if (ofCountry.FirstOrDefault(zone => zone.Id != code
            && string.Equals(zone.Region, content.Region, StringComparison.OrdinalIgnoreCase)
            && string.Equals(zone.PostalPrefix, content.PostalPrefix, StringComparison.OrdinalIgnoreCase)) is { } twin)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The tax zone '{twin.Id}' covers exactly the same addresses. Change that one, or give this one another region or postal prefix.");
        }
    }
}
