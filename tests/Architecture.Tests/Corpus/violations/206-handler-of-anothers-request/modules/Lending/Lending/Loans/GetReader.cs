using FluentValidation;
using MediatR;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class GetReaderValidator : AbstractValidator<GetReader> // finds: use-cases-stand-in-slices "is a validator and is for GetReader of Readers"
{
    public GetReaderValidator() => RuleFor(static query => query.Id).NotEmpty();
}

internal sealed class GetReaderHandler : IRequestHandler<GetReader, ReaderView> // finds: use-cases-stand-in-slices "is a handler and is for GetReader of Readers"
{
    public Task<ReaderView> Handle(GetReader request, CancellationToken cancellationToken) => Task.FromResult(new ReaderView(request.Id, ReaderStanding.Good));
}
