using Marten;
using MediatR;
using ModularMonolith.Lending.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Lending.Loans;

internal sealed class GetOpenLoansHandler(IModuleSession<ILendingStore> session) : IRequestHandler<GetOpenLoans, OpenLoans>
{
    public async Task<OpenLoans> Handle(GetOpenLoans request, CancellationToken cancellationToken)
    {
        var counts = await session.Documents.QueryAsync<int>("select count(*)::int from mt_doc_loan as loan where loan.data ->> 'readerId' = ?", cancellationToken, request.ReaderId.ToString());
        return new OpenLoans(counts[0]);
    }
}
