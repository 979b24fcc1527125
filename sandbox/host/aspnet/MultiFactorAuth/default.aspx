<%@ Page Language="C#" %>
<!DOCTYPE html>
<html lang="en">
<head><title>Multi-Factor Authentication User Portal</title></head>
<body><h1>Multi-Factor Authentication User Portal</h1></body>
</html>
