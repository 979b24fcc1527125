<%@ Page Language="C#" %>
<%@ Import Namespace="System.Configuration" %>
<script runat="server">
    string problem;

    void Page_Load(object sender, EventArgs e)
    {
        // A portal that is told to use the SDK needs all three settings; the product shows an error page then.
        if (!string.Equals(ConfigurationManager.AppSettings["USE_WEB_SERVICE_SDK"], "true", StringComparison.OrdinalIgnoreCase)) return;
        foreach (string key in new[] { "WEB_SERVICE_SDK_AUTHENTICATION_USERNAME", "WEB_SERVICE_SDK_AUTHENTICATION_PASSWORD" })
            if (string.IsNullOrEmpty(ConfigurationManager.AppSettings[key])) problem = key + " is not set in web.config.";
    }

    void LogOn(object sender, EventArgs e)
    {
        problem = "The second factor needs a telephone, which this simulation does not have.";
    }
</script>
<!DOCTYPE html>
<html lang="en">
<head><title>Multi-Factor Authentication User Log In</title></head>
<body>
<form runat="server">
  <h1>Multi-Factor Authentication User Log In</h1>
  <% if (problem != null) { %><p role="alert"><%: problem %></p><% } %>
  <p><asp:Label runat="server" AssociatedControlID="UserName" Text="Username" /> <asp:TextBox ID="UserName" runat="server" /></p>
  <p><asp:Label runat="server" AssociatedControlID="Password" Text="Password" /> <asp:TextBox ID="Password" TextMode="Password" runat="server" /></p>
  <p><asp:Button ID="LogIn" Text="Log In" OnClick="LogOn" runat="server" /></p>
</form>
</body>
</html>
