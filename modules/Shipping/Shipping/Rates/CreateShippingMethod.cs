using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping.Rates;

[RetryOnConflict]
internal sealed record CreateShippingMethod(string Code, MethodContent Content) : ICommand<Versioned<MethodView>>;

/// <summary>What is created, under a code of 1 to 50 lower-case letters, digits and hyphens, which cannot be changed.</summary>
internal sealed record CreateShippingMethodBody(
    string Code, string Title, MethodKind Kind, string Zone, IReadOnlyList<Rate> Rates, bool IsActive = true, int? EarliestDays = null, int? LatestDays = null,
    int? MaximumWeightGrams = null, bool NeedsPickupPoint = false);

internal sealed class CreateShippingMethodValidator : AbstractValidator<CreateShippingMethod>
{
    public CreateShippingMethodValidator()
    {
        RuleFor(command => command.Code).IsCode();
        RuleFor(command => command.Content).SetValidator(new MethodContentValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreateShippingMethodEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/methods", static async (CreateShippingMethodBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var content = new MethodContent(body.Title, body.Kind, body.Zone, body.Rates, body.IsActive, body.EarliestDays, body.LatestDays, body.MaximumWeightGrams, body.NeedsPickupPoint);
            var created = await sender.Send(new CreateShippingMethod(body.Code, content), cancellationToken);
            return created.Created(http, "/api/shipping/methods/" + body.Code);
        })
        .WithName("CreateShippingMethod")
        .WithSummary("Creates a shipping method.")
        .Creates<MethodView>();
}

internal sealed class CreateShippingMethodHandler(TableDesk desk) : IRequestHandler<CreateShippingMethod, Versioned<MethodView>>
{
    public async Task<Versioned<MethodView>> Handle(CreateShippingMethod request, CancellationToken cancellationToken)
    {
        var created = await desk.CreateAsync<ShippingMethod, MethodContent, MethodView>(request.Code, request.Content, cancellationToken);
        await desk.RequireZoneAsync(request.Content.Zone, cancellationToken);
        return created;
    }
}
