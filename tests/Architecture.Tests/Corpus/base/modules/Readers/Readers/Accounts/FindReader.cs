using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Readers.Accounts;

internal sealed class FindReaderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/readers/{id:guid}", static (Guid id, ISender sender, CancellationToken cancellationToken) => sender.Send(new GetReader(id), cancellationToken))
        .RequirePermission("readers:manage")
        .WithName("FindReader");
}

internal sealed class GetReaderHandler(ReaderDesk desk) : IRequestHandler<GetReader, ReaderView>
{
    public async Task<ReaderView> Handle(GetReader request, CancellationToken cancellationToken)
    {
        var reader = await desk.RequireAsync(request.Id, cancellationToken);
        return new ReaderView(reader.Id, reader.Owed > 0 ? ReaderStanding.Owing : ReaderStanding.Good);
    }
}
