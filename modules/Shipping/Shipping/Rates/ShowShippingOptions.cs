using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

/// <summary>What delivery would cost, for customers who look around.</summary>
internal sealed record ShowShippingOptions(string Country, string? Region, string? PostalCode, long Total, string? Currency, int WeightGrams) : IQuery<ShippingOptions>;

/// <summary>The ways to deliver to an address.</summary>
/// <param name="Items">The cheapest first; empty when nothing is delivered there.</param>
internal sealed record ShippingOptions(IReadOnlyList<ShippingOption> Items);

internal sealed class ShowShippingOptionsValidator : AbstractValidator<ShowShippingOptions>
{
    public ShowShippingOptionsValidator()
    {
        RuleFor(query => query.Country).IsCountry();
        RuleFor(query => query.Region).IsRegion();
        RuleFor(query => query.PostalCode).MaximumLength(20);
        RuleFor(query => query.Total).GreaterThanOrEqualTo(0);
        RuleFor(query => query.WeightGrams).GreaterThanOrEqualTo(0);
        RuleFor(query => query.Currency).Must(static currency => currency is null || Money.IsCurrencyCode(currency)).WithMessage("A currency is three upper-case letters as in ISO 4217, for example EUR.");
    }
}

internal sealed class ShowShippingOptionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/options", static async (
            string country, string? region, string? postalCode, long? total, string? currency, int? weightGrams, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ShowShippingOptions(country, region, postalCode, total ?? 0, currency, weightGrams ?? 0), cancellationToken)))
        .AllowAnonymous()
        .WithName("ShowShippingOptions")
        .WithSummary("What delivery to an address would cost.")
        .WithDescription("total is what the goods cost, in minor units of the currency, which is the shop's unless given; weightGrams what they weigh. The cheapest way comes first.")
        .Produces<ShippingOptions>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ShowShippingOptionsHandler(ShippingTable table, ShippingSettings settings) : IRequestHandler<ShowShippingOptions, ShippingOptions>
{
    public async Task<ShippingOptions> Handle(ShowShippingOptions request, CancellationToken cancellationToken)
    {
        var total = new Money(request.Total, request.Currency ?? settings.Currency);
        var asked = new GetShippingOptions(request.Country, request.Region, request.PostalCode, total, request.WeightGrams);
        return new ShippingOptions((await table.CurrentAsync(cancellationToken)).OptionsFor(asked));
    }
}
