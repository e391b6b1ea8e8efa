using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Shelves.Copies;

internal sealed class FindCopyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/shelves/copies/{id:guid}", static (Guid id, ISender sender, CancellationToken cancellationToken) => sender.Send(new GetCopy(id), cancellationToken))
        .RequirePermission("shelves:manage")
        .WithName("FindCopy");
}

internal sealed class GetCopyHandler(IShelfKeeper keeper) : IRequestHandler<GetCopy, CopyView>
{
    public async Task<CopyView> Handle(GetCopy request, CancellationToken cancellationToken)
    {
        var copy = await keeper.RequireAsync(request.Id, cancellationToken);
        return new CopyView(copy.Id, copy.Title);
    }
}
