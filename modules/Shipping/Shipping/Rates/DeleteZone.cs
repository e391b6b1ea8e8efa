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

namespace ModularMonolith.Shipping.Rates;

[RetryOnConflict]
internal sealed record DeleteZone(string Code, long? ExpectedVersion) : ICommand;

internal sealed class DeleteZoneValidator : AbstractValidator<DeleteZone>
{
    public DeleteZoneValidator() => RuleFor(command => command.Code).NotEmpty();
}

internal sealed class DeleteZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/zones/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteZone(code, EntityTags.RequireIfMatch(http)), cancellationToken);
            return Results.NoContent();
        })
        .WithName("DeleteZone")
        .WithSummary("Deletes a zone that no method belongs to.")
        .Deletes();
}

internal sealed class DeleteZoneHandler(IModuleSession<IShippingStore> session, TableDesk desk) : IRequestHandler<DeleteZone, Unit>
{
    public async Task<Unit> Handle(DeleteZone request, CancellationToken cancellationToken)
    {
        await desk.DeleteAsync<Zone, ZoneContent, ZoneView>(request.Code, request.ExpectedVersion, cancellationToken);
        var methods = (await session.Documents.Query<ShippingMethod>().Take(ShippingMethod.MaximumCount).ToListAsync(cancellationToken))
            .Where(method => method.Content.Zone == request.Code).Select(static method => method.Id).Order(StringComparer.Ordinal).ToList();
        return methods.Count == 0
            ? Unit.Value
            : throw new ProblemException(ShippingProblems.ZoneInUse, $"{methods.Count} method(s) belong to the zone {request.Code}. Delete them, or move them to another zone, first.")
                .With("methods", methods);
    }
}
