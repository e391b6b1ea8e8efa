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
internal sealed record DeletePickupPoint(string Code, long? ExpectedVersion) : ICommand;

internal sealed class DeletePickupPointValidator : AbstractValidator<DeletePickupPoint>
{
    public DeletePickupPointValidator() => RuleFor(command => command.Code).NotEmpty();
}

internal sealed class DeletePickupPointEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/pickup-points/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeletePickupPoint(code, EntityTags.RequireIfMatch(http)), cancellationToken);
            return Results.NoContent();
        })
        .WithName("DeletePickupPoint")
        .WithSummary("Deletes a pickup point.")
        .Deletes();
}

internal sealed class DeletePickupPointHandler(TableDesk desk) : IRequestHandler<DeletePickupPoint, Unit>
{
    public async Task<Unit> Handle(DeletePickupPoint request, CancellationToken cancellationToken)
    {
        await desk.DeleteAsync<PickupPoint, PickupPointContent, PickupPointView>(request.Code, request.ExpectedVersion, cancellationToken);
        return Unit.Value;
    }
}
