using FluentValidation;
using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed record RenewLoan(Guid LoanId, string Reason) : ICommand;

internal sealed class RenewLoanValidator : AbstractValidator<RenewLoan>
{
    public RenewLoanValidator() => RuleFor(static command => command.Reason).MaximumLength(100);
}

internal sealed class RenewLoanHandler(BorrowCopyHandler borrowing) : IRequestHandler<RenewLoan, Unit> // finds: handlers-are-sent-to "injects BorrowCopyHandler"
{
    public async Task<Unit> Handle(RenewLoan request, CancellationToken cancellationToken)
    {
        await borrowing.Handle(new BorrowCopy(request.LoanId, request.LoanId, request.Reason), cancellationToken); // finds: handlers-are-sent-to "calls BorrowCopyHandler past the pipeline"
        return Unit.Value;
    }
}
