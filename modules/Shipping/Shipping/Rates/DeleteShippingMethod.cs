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
internal sealed record DeleteShippingMethod(string Code, long? ExpectedVersion) : ICommand;

internal sealed class DeleteShippingMethodValidator : AbstractValidator<DeleteShippingMethod>
{
    public DeleteShippingMethodValidator() => RuleFor(command => command.Code).NotEmpty();
}

internal sealed class DeleteShippingMethodEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/methods/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteShippingMethod(code, EntityTags.RequireIfMatch(http)), cancellationToken);
            return Results.NoContent();
        })
        .WithName("DeleteShippingMethod")
        .WithSummary("Deletes a shipping method; orders that have it keep it.")
        .Deletes();
}

internal sealed class DeleteShippingMethodHandler(TableDesk desk) : IRequestHandler<DeleteShippingMethod, Unit>
{
    public async Task<Unit> Handle(DeleteShippingMethod request, CancellationToken cancellationToken)
    {
        await desk.DeleteAsync<ShippingMethod, MethodContent, MethodView>(request.Code, request.ExpectedVersion, cancellationToken);
        return Unit.Value;
    }
}
