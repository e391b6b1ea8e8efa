namespace ModularMonolith.Catalog.Imports;

/// <summary>
/// Checks the bytes of a CSV file (RFC 4180) while they arrive: valid UTF-8, no NUL, quotes where they belong, sizes within
/// bounds. What passes can be given to a lenient parser without surprises.
/// </summary>
internal sealed class CsvStructure
{
    /// <summary>The longest field in bytes.</summary>
    public const int MaximumFieldBytes = 1 << 20;

    /// <summary>The longest row in bytes.</summary>
    public const int MaximumRowBytes = 2 << 20;

    /// <summary>The most rows, the header not counted.</summary>
    public const int MaximumRows = 500_000;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly byte[] _first = new byte[3];
    private Place _place = Place.FieldStart;
    private bool _afterReturn;
    private int _firstBytes;
    private int _line = 1;
    private int _quoteLine;
    private int _fieldBytes;
    private int _rowBytes;
    private int _rows;
    private int _pending;
    private byte _low = 0x80;
    private byte _high = 0xBF;

    private enum Place
    {
        FieldStart,
        Plain,
        Quoted,
        AfterQuote,
    }

    /// <summary>Checks the next bytes.</summary>
    /// <exception cref="CsvFormatException">The file is not valid up to here.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (_firstBytes < ByteOrderMark.Length && !bytes.IsEmpty)
        {
            _first[_firstBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_firstBytes == ByteOrderMark.Length)
            {
                FeedBeginning();
            }
        }

        foreach (var value in bytes)
        {
            Next(value);
        }
    }

    /// <summary>Checks that the file may end here.</summary>
    /// <exception cref="CsvFormatException">It may not, or it is empty.</exception>
    public void Complete()
    {
        if (_firstBytes < ByteOrderMark.Length)
        {
            FeedBeginning();
        }

        if (_pending > 0)
        {
            throw NotUtf8();
        }

        if (_place == Place.Quoted)
        {
            throw new CsvFormatException(_quoteLine, "A quotation mark opens here and is never closed. Close it, and write a quotation mark inside a quoted cell twice.");
        }

        if (_rows == 0 && _rowBytes == 0)
        {
            throw new CsvFormatException(1, "The file is empty. Its first line has to name the columns.");
        }
    }

    private void FeedBeginning()
    {
        var beginning = _first.AsSpan(0, _firstBytes);
        if (beginning is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new CsvFormatException(1, "The file is in UTF-16. Save it as 'CSV UTF-8'.");
        }

        if (beginning is [0x50, 0x4B, 0x03])
        {
            throw new CsvFormatException(1, "The file is a spreadsheet or a ZIP archive. Save the sheet as 'CSV UTF-8' and send that.");
        }

        if (beginning.SequenceEqual(ByteOrderMark))
        {
            return;
        }

        foreach (var value in beginning)
        {
            Next(value);
        }
    }

    private void Next(byte value)
    {
        if (value == 0)
        {
            throw new CsvFormatException(_line, "The file holds a NUL character, so it is not a text file. Save it as 'CSV UTF-8'.");
        }

        CheckEncoding(value);
        if (_afterReturn && value == (byte)'\n')
        {
            // The second half of a Windows line end: the first half was counted.
            _afterReturn = false;
            _fieldBytes += _place == Place.Quoted ? 1 : 0;
            return;
        }

        _afterReturn = value == (byte)'\r';
        if (++_rowBytes > MaximumRowBytes)
        {
            throw new CsvFormatException(_line, "The row is longer than 2 MiB. A quotation mark may be missing in it.");
        }

        Follow(value);
        if (value is (byte)'\n' or (byte)'\r')
        {
            _line++;
        }
    }

    private void Follow(byte value)
    {
        switch (_place, value)
        {
            case (Place.Quoted, (byte)'"'):
                _place = Place.AfterQuote;
                return;
            case (Place.Quoted, _):
            case (Place.AfterQuote, (byte)'"'):
                _place = Place.Quoted;
                CountFieldByte();
                return;
            case (Place.FieldStart, (byte)'"'):
                _place = Place.Quoted;
                _quoteLine = _line;
                return;
            case (_, (byte)','):
                _place = Place.FieldStart;
                _fieldBytes = 0;
                return;
            case (_, (byte)'\n' or (byte)'\r'):
                EndRow();
                return;
            case (Place.AfterQuote, _):
                throw new CsvFormatException(_line, "Text follows a closing quotation mark. Write a quotation mark inside a quoted cell twice.");
            case (Place.Plain, (byte)'"'):
                throw new CsvFormatException(_line, "A quotation mark stands inside a cell that is not quoted. Put the whole cell in quotation marks and write the inner one twice.");
            default:
                _place = Place.Plain;
                CountFieldByte();
                return;
        }
    }

    private void CountFieldByte()
    {
        if (++_fieldBytes > MaximumFieldBytes)
        {
            throw new CsvFormatException(_place == Place.Quoted ? _quoteLine : _line, "A cell is longer than 1 MiB. A closing quotation mark may be missing.");
        }
    }

    private void EndRow()
    {
        // The header is a row too.
        if (_rowBytes > 1 && ++_rows > MaximumRows + 1)
        {
            throw new CsvFormatException(_line, "The file has more than 500,000 rows. Split it between two products and import the parts one after the other.");
        }

        (_place, _fieldBytes, _rowBytes) = (Place.FieldStart, 0, 0);
    }

    // The ranges of the second byte are those of table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing
    // beyond U+10FFFF.
    private void CheckEncoding(byte value)
    {
        if (_pending > 0)
        {
            if (value < _low || value > _high)
            {
                throw NotUtf8();
            }

            (_low, _high) = (0x80, 0xBF);
            _pending--;
            return;
        }

        (int Pending, byte Low, byte High) expected = value switch
        {
            < 0x80 => (0, 0x80, 0xBF),
            >= 0xC2 and <= 0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xED => (2, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => (2, 0x80, 0xBF),
            0xF0 => (3, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            _ => throw NotUtf8(),
        };
        (_pending, _low, _high) = expected;
    }

    private CsvFormatException NotUtf8() => new(_line, "The line is not valid UTF-8. Save the file as 'CSV UTF-8'.");
}
