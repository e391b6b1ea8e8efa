using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Returns.Requests;

internal sealed record GetReturn(Guid ReturnId) : IQuery<Versioned<ReturnView>>;

internal sealed class GetReturnEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/returns/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetReturn(id), cancellationToken)).Answer(http))
        .RequireSubject()
        .WithName("GetReturn")
        .WithSummary("A return as it stands.")
        .Produces<ReturnView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetReturnHandler(IModuleSession<IReturnsStore> session, Ownership ownership) : IRequestHandler<GetReturn, Versioned<ReturnView>>
{
    public async Task<Versioned<ReturnView>> Handle(GetReturn request, CancellationToken cancellationToken)
    {
        var found = ownership.Require(await session.Documents.LoadAsync<Return>(request.ReturnId, cancellationToken), request.ReturnId, Ownership.ReadAll);
        return new Versioned<ReturnView>(ReturnView.Of(found), found.Version);
    }
}
