using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

[RetryOnConflict]
internal sealed record CreatePickupPoint(string Code, PickupPointContent Content) : ICommand<Versioned<PickupPointView>>;

/// <summary>What is created, under a code of 1 to 50 lower-case letters, digits and hyphens, which cannot be changed.</summary>
internal sealed record CreatePickupPointBody(
    string Code, string Title, PostalAddress Address, string? OpeningHours = null, bool IsActive = true, IReadOnlyList<string>? Methods = null, int? MaximumWeightGrams = null,
    int KeptDays = PickupPointContent.UsualDays);

internal sealed class CreatePickupPointValidator : AbstractValidator<CreatePickupPoint>
{
    public CreatePickupPointValidator()
    {
        RuleFor(command => command.Code).IsCode();
        RuleFor(command => command.Content).SetValidator(new PickupPointContentValidator()).OverridePropertyName(string.Empty);
    }
}

internal sealed class CreatePickupPointEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/pickup-points", static async (CreatePickupPointBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var content = new PickupPointContent(body.Title, body.Address, body.OpeningHours, body.IsActive, body.Methods, body.MaximumWeightGrams, body.KeptDays);
            var created = await sender.Send(new CreatePickupPoint(body.Code, content), cancellationToken);
            return created.Created(http, "/api/shipping/pickup-points/" + body.Code);
        })
        .WithName("CreatePickupPoint")
        .WithSummary("Creates a pickup point.")
        .Creates<PickupPointView>();
}

internal sealed class CreatePickupPointHandler(TableDesk desk) : IRequestHandler<CreatePickupPoint, Versioned<PickupPointView>>
{
    public Task<Versioned<PickupPointView>> Handle(CreatePickupPoint request, CancellationToken cancellationToken) =>
        desk.CreateAsync<PickupPoint, PickupPointContent, PickupPointView>(request.Code, request.Content, cancellationToken);
}
