using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Lending.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using ModularMonolith.Readers.Contracts;
using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Lending.Loans;

[RetryOnConflict]
internal sealed record BorrowCopy(Guid CopyId, Guid ReaderId, string? Note) : ICommand<Guid>;

internal sealed class BorrowCopyValidator : AbstractValidator<BorrowCopy>
{
    public BorrowCopyValidator()
    {
        RuleFor(static command => command.CopyId).NotEmpty();
        RuleFor(static command => command.ReaderId).NotEmpty();
        RuleFor(static command => command.Note).MaximumLength(200);
    }
}

internal sealed class BorrowCopyEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/lending/loans", static async (BorrowCopy command, ISender sender, CancellationToken cancellationToken) =>
            Results.Created("/lending/loans/" + await sender.Send(command, cancellationToken), null))
        .RequirePermission("lending:manage")
        .WithName("BorrowCopy");
}

internal sealed class BorrowCopyHandler(IModuleSession<ILendingStore> session, ISender sender, LendingSettings settings, TimeProvider time) : IRequestHandler<BorrowCopy, Guid>
{
    public async Task<Guid> Handle(BorrowCopy request, CancellationToken cancellationToken)
    {
        var copy = await sender.Send(new GetCopy(request.CopyId), cancellationToken);
        var reader = await sender.Send(new GetReader(request.ReaderId), cancellationToken); // finds: manifest-names-dependencies "uses 'readers' and does not declare it"
        var now = time.GetUtcNow();
        var loan = new Loan { Id = Guid.CreateVersion7(now), CopyId = copy.Id, ReaderId = reader.Id, DueAt = now + settings.Time };
        session.Documents.Insert(loan);
        session.Publish(new CopyBorrowed(loan.Id, loan.CopyId));
        return loan.Id;
    }
}
