using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Readers.Accounts;

internal sealed record CloseReader(Guid Id) : ICommand;

internal sealed class CloseReaderValidator : AbstractValidator<CloseReader>
{
    public CloseReaderValidator() => RuleFor(static command => command.Id).NotEmpty();
}

internal sealed class CloseReaderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/readers/{id:guid}/close", static (Guid id, ISender sender, CancellationToken cancellationToken) => sender.Send(new CloseReader(id), cancellationToken))
        .RequirePermission("readers:manage")
        .WithName("CloseReader");
}

internal sealed class CloseReaderHandler(IModuleSession<IReadersStore> session) : IRequestHandler<CloseReader, Unit>
{
    public Task<Unit> Handle(CloseReader request, CancellationToken cancellationToken)
    {
        session.Documents.Delete<Reader>(request.Id);
        session.Publish(new ReaderLeft(request.Id));
        return Unit.Task;
    }
}
