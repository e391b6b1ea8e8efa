using ModularMonolith.Lending.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanCount(IModuleSession<ILendingStore> session)
{
    public Task<OpenLoans> OfAsync(Guid reader, CancellationToken cancellationToken)
    {
        var handler = new GetOpenLoansHandler(session); // finds: handlers-are-sent-to "makes GetOpenLoansHandler by itself"
        return handler.Handle(new GetOpenLoans(reader), cancellationToken); // finds: handlers-are-sent-to "calls GetOpenLoansHandler past the pipeline"
    }
}
