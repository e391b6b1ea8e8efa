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
internal sealed record ChangePickupPoint(string Code, long? ExpectedVersion, PickupPointContent Content) : ICommand<Versioned<PickupPointView>>;

internal sealed class ChangePickupPointValidator : AbstractValidator<ChangePickupPoint>
{
    public ChangePickupPointValidator() => RuleFor(command => command.Content).SetValidator(new PickupPointContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class ChangePickupPointEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/pickup-points/{code}", static async (string code, PickupPointContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new ChangePickupPoint(code, EntityTags.RequireIfMatch(http), body), cancellationToken)).Changed(http))
        .WithName("ChangePickupPoint")
        .WithSummary("Replaces a pickup point.")
        .Changes<PickupPointView>();
}

internal sealed class ChangePickupPointHandler(TableDesk desk) : IRequestHandler<ChangePickupPoint, Versioned<PickupPointView>>
{
    public Task<Versioned<PickupPointView>> Handle(ChangePickupPoint request, CancellationToken cancellationToken) =>
        desk.ChangeAsync<PickupPoint, PickupPointContent, PickupPointView>(request.Code, request.ExpectedVersion, request.Content, cancellationToken);
}
