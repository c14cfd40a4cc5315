namespace McpSessions.Tests;

/// <summary>Text from outside can't break out of a log line, and addresses don't carry their secrets along.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\r\nlines", "two  lines")]
    [InlineData("escape\u001b[31m", "escape [31m")]
    [InlineData("separator\u2028here", "separator here")]
    [InlineData(null, "")]
    public void One_line(string? text, string expected) => Assert.Equal(expected, SafeText.OneLine(text));

    [Fact]
    public void Long_text_is_cut() => Assert.Equal(401, SafeText.OneLine(new string('x', 10_000)).Length);

    [Theory]
    [InlineData("https://host/mcp", "https://host/mcp")]
    [InlineData("https://user:pass@host:8443/mcp?key=1#x", "https://host:8443/mcp")]
    public void Addresses(string address, string expected) => Assert.Equal(expected, SafeText.Address(new Uri(address)));

    [Theory]
    [InlineData("stdio-node", "stdio-node")]
    [InlineData("https://host/mcp?token=t", "https://host/mcp")]
    public void Transport_names(string name, string expected) => Assert.Equal(expected, SafeText.TransportName(name));
}
