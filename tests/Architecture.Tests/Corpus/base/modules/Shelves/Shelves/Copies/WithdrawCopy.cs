using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Shelves.Copies;

internal sealed record WithdrawCopy(Guid Id) : ICommand;

internal sealed class WithdrawCopyValidator : AbstractValidator<WithdrawCopy>
{
    public WithdrawCopyValidator() => RuleFor(static command => command.Id).NotEmpty();
}

internal sealed class WithdrawCopyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/shelves/copies/{id:guid}/withdraw", static (Guid id, ISender sender, CancellationToken cancellationToken) => sender.Send(new WithdrawCopy(id), cancellationToken))
        .RequirePermission("shelves:manage")
        .WithName("WithdrawCopy");
}

internal sealed class WithdrawCopyHandler(IModuleSession<IShelvesStore> session) : IRequestHandler<WithdrawCopy, Unit>
{
    public Task<Unit> Handle(WithdrawCopy request, CancellationToken cancellationToken)
    {
        session.Documents.Delete<Copy>(request.Id);
        session.Publish(new CopyWithdrawn(request.Id));
        return Unit.Task;
    }
}
