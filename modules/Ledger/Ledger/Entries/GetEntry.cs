using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ledger.Entries;

internal sealed record GetEntry(Guid EntryId) : IQuery<EntryView>;

internal sealed class GetEntryEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/entries/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetEntry(id), cancellationToken)))
        .RequirePermission("ledger:read")
        .WithName("GetEntry")
        .WithSummary("Shows an entry with its lines.")
        .Produces<EntryView>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetEntryHandler(LedgerDatabase database) : IRequestHandler<GetEntry, EntryView>
{
    public async Task<EntryView> Handle(GetEntry request, CancellationToken cancellationToken) =>
        (await EntryView.ReadAsync(database, "where entry.id = $1 limit 1", [request.EntryId], cancellationToken)).FirstOrDefault() ?? throw ProblemException.NotFound("entry", request.EntryId);
}
